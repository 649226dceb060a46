"""Pages about how a case is protected: what is held, how long, and erasing it."""

from django.urls import path

from wayhome.web.protection import views

urlpatterns = [
    path("cases/<uuid:case>/held/", views.held, name="held"),
    path("cases/<uuid:case>/erase/", views.erase, name="erase_case"),
    path("cases/<uuid:case>/keep/", views.keep, name="keep_case"),
    path("retention/", views.retention, name="retention"),
]
