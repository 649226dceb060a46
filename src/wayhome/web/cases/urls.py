"""The worklist, the search, and the pages of a case."""

from django.urls import path

from wayhome.web.cases import case_views, fact_views, worklist_views

urlpatterns = [
    path("worklist/", worklist_views.worklist, name="worklist"),
    path("worklist/views/", worklist_views.save_view, name="save_view"),
    path("worklist/views/<int:view_id>/drop/", worklist_views.drop_view, name="drop_view"),
    path("search/", worklist_views.search_cases, name="search"),
    path("cases/<uuid:case_id>/", case_views.case, name="case"),
    path("cases/<uuid:case_id>/questions/", case_views.case_questions, name="case_questions"),
    path("cases/<uuid:case_id>/why/<str:rule>/", case_views.case_why, name="case_why"),
    path("cases/<uuid:case_id>/fact/", fact_views.case_fact, name="case_fact"),
    path("cases/<uuid:case_id>/settle/<str:fact>/", fact_views.settle_fact, name="settle_fact"),
    path("cases/<uuid:case_id>/person/", case_views.case_person, name="case_person"),
    path("cases/<uuid:case_id>/more/<slug:name>/", case_views.case_panel, name="case_panel"),
    path("cases/<uuid:case_id>/assign/", case_views.assign_case, name="assign_case"),
    path("cases/<uuid:case_id>/emergency/", case_views.set_emergency, name="set_emergency"),
    path("cases/<uuid:case_id>/acknowledge/", case_views.acknowledge, name="acknowledge_case"),
    path(
        "cases/<uuid:case_id>/withdraw/<int:statement_id>/",
        case_views.withdraw,
        name="withdraw_statement",
    ),
    path(
        "cases/<uuid:case_id>/duplicate/<int:duplicate_id>/",
        case_views.settle_duplicate,
        name="settle_duplicate",
    ),
]
