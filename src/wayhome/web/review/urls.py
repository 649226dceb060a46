"""The pages of review."""

from django.urls import path

from wayhome.web.review import possible_conflicts, views

urlpatterns = [
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/rota/", views.rota, name="rota"),
    path("reviews/loads/", views.loads, name="loads"),
    path("reviews/agreement/", views.agreement, name="agreement"),
    path("reviews/differing/", views.differing, name="differing"),
    path("reviews/causes/", views.causes, name="causes"),
    path("reviews/seats/<int:seat_id>/reassign/", views.reassign, name="reassign_seat"),
    path("findings/<int:finding_id>/", views.finding, name="finding"),
    path("cases/<uuid:case_id>/review/", views.review_case, name="review_case"),
    path("cases/<uuid:case_id>/findings/", views.findings, name="findings"),
    path("cases/<uuid:case_id>/state/", views.step_case, name="step_case"),
    path("cases/<uuid:case_id>/state/<int:change_id>/day/", views.correct_day, name="correct_day"),
    path("cases/<uuid:case_id>/conflict/", views.declare_conflict, name="declare_conflict"),
    path("cases/<uuid:case_id>/conflict-of/", views.note_conflict, name="note_conflict"),
    path(
        "cases/<uuid:case_id>/perhaps/<int:possible_id>/",
        possible_conflicts.settle,
        name="settle_possible_conflict",
    ),
    path("cases/<uuid:case_id>/begin-review/", views.begin_review, name="begin_review"),
    path("cases/<uuid:case_id>/fill-seats/", views.fill_seats, name="fill_seats"),
]
