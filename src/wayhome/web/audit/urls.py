"""The log."""

from django.urls import path

from wayhome.web.audit import views

urlpatterns = [path("log/", views.log, name="log")]
