"""Where each page lives: an app a line."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("wayhome.web.cases.urls")),
    path("", include("wayhome.web.review.urls")),
    path("", include("wayhome.web.accountability.urls")),
    path("", include("wayhome.web.campaign.urls")),
    path("", include("wayhome.web.files.urls")),
    path("", include("wayhome.web.casework.urls")),
    path("", include("wayhome.web.accounts.urls")),
    path("", include("wayhome.web.journey.urls")),
    path("", include("wayhome.web.api.urls")),
    path("", include("wayhome.web.papers.urls")),
    path("", include("wayhome.web.audit.urls")),
    path("", include("wayhome.web.protection.urls")),
    path("", include("wayhome.web.observatory.urls")),
    path("", include("wayhome.web.portal.urls")),
]

handler400 = "wayhome.web.protection.faults.bad_request"
handler403 = "wayhome.web.protection.faults.refused"
handler404 = "wayhome.web.protection.faults.not_found"
handler500 = "wayhome.web.protection.faults.server_error"
