"""The accountability report."""

from django.urls import path, re_path

from wayhome.web.accountability import views

urlpatterns = [
    path("patterns/", views.patterns, name="patterns"),
    re_path(r"^patterns/patterns\.(?P<kind>csv|xlsx)$", views.export, name="export_patterns"),
    path("patterns/publish/", views.publish_patterns, name="publish_patterns"),
    path("patterns/take-back/", views.take_patterns_back, name="take_patterns_back"),
    path("public/<slug:slug>/patterns/", views.public_patterns, name="public_patterns"),
]
