"""The way home: the steps that are due, and the steps of a case."""

from django.urls import path

from wayhome.web.journey import views

urlpatterns = [
    path("journeys/", views.journeys, name="journeys"),
    path("cases/<uuid:case_id>/journey/begin/", views.begin, name="begin_journey"),
    path("cases/<uuid:case_id>/journey/<slug:kind>/", views.step, name="journey_step"),
]
