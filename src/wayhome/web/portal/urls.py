"""The portal's pages. Their addresses name no case and tell nothing in a browser's history."""

from django.urls import path

from wayhome.web.portal import (
    beginning_views,
    operator_views,
    papers_views,
    status_views,
    views,
)

urlpatterns = [
    path("", beginning_views.start, name="portal_start"),
    path("p/by/", beginning_views.choose, name="portal_choose"),
    path("p/1/", beginning_views.consent, name="portal_consent"),
    path("p/2/", beginning_views.who, name="portal_who"),
    path("p/3/", views.key, name="portal_key"),
    path("p/4/", views.person, name="portal_person"),
    path("p/5/", views.reach, name="portal_reach"),
    path("p/q/<int:number>/", views.question, name="portal_question"),
    path("p/q/", views.next_question, name="portal_next"),
    path("p/n/", status_views.enough, name="portal_enough"),
    path("p/", status_views.status, name="portal_status"),
    path("p/a/", status_views.answers, name="portal_answers"),
    path("p/m/", status_views.messages, name="portal_messages"),
    path("p/f/", papers_views.papers, name="portal_papers"),
    path("p/e/", status_views.take_back, name="portal_erase"),
    path("p/e/done/", status_views.erased, name="portal_erased"),
    path("p/back/", beginning_views.door, name="portal_door"),
    path("month/", beginning_views.leave, name="portal_leave"),
    path("calls/", operator_views.calls, name="calls"),
    path("calls/new/", operator_views.new_call, name="new_call"),
    path("calls/<uuid:case_id>/", operator_views.call, name="call"),
    path("calls/<uuid:case_id>/person/", operator_views.person, name="call_person"),
    path("calls/<uuid:case_id>/reach/", operator_views.reach, name="call_reach"),
    path("calls/<uuid:case_id>/words/", operator_views.words, name="call_words"),
    path("calls/<uuid:case_id>/pause/", operator_views.pause, name="call_pause"),
    path("calls/<uuid:case_id>/q/<int:number>/", operator_views.question, name="call_question"),
]
