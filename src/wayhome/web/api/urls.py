"""The API, its description at /api/openapi.json, and the page of its tokens."""

from django.urls import path

from wayhome.web.api import views
from wayhome.web.api.endpoints import api

urlpatterns = [
    path("api/", api.urls),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", views.revoke, name="revoke_token"),
]
