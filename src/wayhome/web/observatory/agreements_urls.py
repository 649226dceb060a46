"""The pages of 287(g) agreements; `urls.py` puts them into each language."""

from django.urls import path, re_path

from wayhome.web.observatory import agreements_drafts, agreements_views

AGREEMENT_PAGES = [
    path("agreements/", agreements_views.agreements, name="observatory_agreements"),
    path(
        "agreements/map.svg", agreements_views.agreements_map_svg, name="observatory_agreements_map"
    ),
    path(
        "agreements/map.csv",
        agreements_views.agreements_map_csv,
        name="observatory_agreements_map_csv",
    ),
    path(
        "agreements/counties.csv",
        agreements_views.agreements_counties_csv,
        name="observatory_agreements_counties_csv",
    ),
    path("agreements.csv", agreements_views.agreements_csv, name="observatory_agreements_csv"),
    path(
        "agreements/history.csv",
        agreements_views.agreements_history_csv,
        name="observatory_agreements_history_csv",
    ),
    path(
        "agreements/people.csv",
        agreements_views.agreements_people_csv,
        name="observatory_agreements_people_csv",
    ),
    path(
        "agreements/changes/",
        agreements_views.agreements_changes,
        name="observatory_agreements_changes",
    ),
    re_path(
        r"^agreements/changes/(?P<by>\d{4}-\d{2}-\d{2})/$",
        agreements_views.agreements_changes,
        name="observatory_agreements_changes",
    ),
    path(
        "agreements/state/<slug:state>/",
        agreements_views.agreements_state,
        name="observatory_agreements_state",
    ),
    path(
        "agreements/state/<slug:state>/drafts-<int:part>.zip",
        agreements_drafts.state_drafts,
        name="observatory_agreements_drafts",
    ),
    path("agreements/agency/<slug:agency>/", agreements_views.agency, name="observatory_agency"),
    re_path(
        r"^agreements/agency/(?P<agency>[-\w]+)/(?P<model>[-\w]+)/notice\.(?P<kind>docx|pdf)$",
        agreements_drafts.notice,
        name="observatory_agency_notice",
    ),
    re_path(
        r"^agreements/agency/(?P<agency>[-\w]+)/request\.(?P<kind>docx|pdf)$",
        agreements_drafts.request_for_records,
        name="observatory_agency_request",
    ),
]
