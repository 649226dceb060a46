"""The panels of daily work, tasks, calendar, intake from files, sharing."""

from django.urls import path

from wayhome.web.casework import calendar_views, intake_views, sharing_panel, views

_CASE = "cases/<uuid:case_id>/"
_INTAKE = "intake/<uuid:intake_id>/"

urlpatterns = [
    path(f"{_CASE}messages/", views.send_message, name="send_message"),
    path(f"{_CASE}messages/read/", views.mark_read, name="mark_messages_read"),
    path(f"{_CASE}notes/", views.write_note, name="write_note"),
    path(f"{_CASE}tasks/", views.add_task, name="add_task"),
    path(f"{_CASE}tasks/<int:task_id>/", views.change_task, name="change_task"),
    path(f"{_CASE}contacts/", views.keep_contact, name="add_contact"),
    path(f"{_CASE}contacts/<int:contact_id>/", views.keep_contact, name="write_contact"),
    path(f"{_CASE}contacts/<int:contact_id>/change/", views.change_contact, name="change_contact"),
    path(f"{_CASE}contacts/<int:contact_id>/remove/", views.remove_contact, name="remove_contact"),
    path(f"{_CASE}household/", views.keep_household_member, name="add_household"),
    path(
        f"{_CASE}household/<int:somebody_id>/remove/",
        views.remove_household_member,
        name="remove_household",
    ),
    path(f"{_CASE}consents/", views.keep_consent, name="keep_consent"),
    path(
        f"{_CASE}consents/<int:consent_id>/withdraw/",
        views.withdraw_consent,
        name="withdraw_consent",
    ),
    path(f"{_CASE}sharing/", sharing_panel.offer, name="offer_case"),
    path(f"{_CASE}sharing/<int:sharing_id>/back/", sharing_panel.take_back, name="take_offer_back"),
    path("offered/", sharing_panel.offered, name="offered"),
    path("offered/<int:sharing_id>/", sharing_panel.answer, name="answer_offer"),
    path("tasks/", views.tasks, name="tasks"),
    path("calendar/", calendar_views.calendar_feeds, name="calendar_feeds"),
    path("calendar/<int:feed_id>/revoke/", calendar_views.revoke, name="revoke_calendar"),
    path("calendar/<str:secret>.ics", calendar_views.calendar, name="calendar"),
    path("intake/", intake_views.intake, name="intake"),
    path(_INTAKE, intake_views.intake_rows, name="intake_rows"),
    path(f"{_INTAKE}choose/", intake_views.choose, name="choose_rows"),
    path(f"{_INTAKE}take/", intake_views.take, name="take_intake"),
    path(f"{_INTAKE}rows-to-mend.csv", intake_views.bad_rows, name="bad_rows"),
    path(f"{_INTAKE}end/", intake_views.end, name="end_intake"),
]
