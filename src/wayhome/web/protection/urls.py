"""Pages about how a case is protected: what is held, how long, and erasing it."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
