"""The pages of the docket; `urls.py` puts them into each language."""

from django.urls import path

from wayhome.web.observatory import docket_views

DOCKET_PAGES = [
    path("docket/", docket_views.docket, name="observatory_docket"),
    path("docket/demands/", docket_views.docket_demands, name="observatory_docket_demands"),
    path(
        "docket/demands.svg", docket_views.docket_demands_svg, name="observatory_docket_demands_svg"
    ),
    path(
        "docket/demands.csv", docket_views.docket_demands_csv, name="observatory_docket_demands_csv"
    ),
    path(
        "docket/demands/<slug:demand>/",
        docket_views.docket_demand,
        name="observatory_docket_demand",
    ),
    path(
        "docket/<slug:measure>/<slug:by>/",
        docket_views.docket_measure,
        name="observatory_docket_measure",
    ),
    path(
        "docket/<slug:measure>/<slug:by>.svg",
        docket_views.docket_measure_svg,
        name="observatory_docket_measure_svg",
    ),
    path(
        "docket/<slug:measure>/<slug:by>.csv",
        docket_views.docket_measure_csv,
        name="observatory_docket_measure_csv",
    ),
]
