"""The documents of a case."""

from django.urls import path

from wayhome.web.files import views

_DOCUMENT = "cases/<uuid:case_id>/documents/<uuid:document_id>/"

urlpatterns = [
    path("cases/<uuid:case_id>/documents/", views.add, name="add_document"),
    path(_DOCUMENT, views.download, name="download_document"),
    path(f"{_DOCUMENT}version/", views.add_version, name="add_version"),
    path(f"{_DOCUMENT}remove/", views.remove, name="remove_document"),
    path(f"{_DOCUMENT}scan/", views.scan_now, name="scan_document"),
]
