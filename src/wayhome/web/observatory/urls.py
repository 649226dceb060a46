"""The observatory: `/observatory/…` in English, `/observatory/es/…` in Spanish."""

from datetime import date

from django.urls import include, path, register_converter

from wayhome.web.observatory import (
    closing_plan_views,
    demand_views,
    detention_views,
    facility_views,
    source_views,
)
from wayhome.web.observatory.agreements_urls import AGREEMENT_PAGES
from wayhome.web.observatory.docket_urls import DOCKET_PAGES
from wayhome.web.observatory.wording import PUBLIC_LANGUAGES


class DayConverter:
    """A day in an address: 2026-04-09."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


register_converter(DayConverter, "day")

_PAGES = [
    path("", demand_views.home, name="observatory"),
    path("demands.csv", demand_views.demands_csv, name="observatory_demands_csv"),
    path("demand/<slug:demand>/", demand_views.demand, name="observatory_demand"),
    path("about/", source_views.about, name="observatory_about"),
    path("detention/", detention_views.detention, name="observatory_detention"),
    path("detention/map.svg", detention_views.detention_map, name="observatory_detention_map"),
    path("detention/states.csv", detention_views.states_csv, name="observatory_states_csv"),
    path("chart/<slug:chart>/", detention_views.chart_page, name="observatory_chart_page"),
    path("chart/<slug:chart>.svg", detention_views.chart, name="observatory_chart"),
    path("chart/<slug:chart>.csv", detention_views.chart_csv, name="observatory_chart_csv"),
    path("facilities/", facility_views.facility_list, name="observatory_facilities"),
    path("facilities.csv", facility_views.facility_list_csv, name="observatory_facilities_csv"),
    path("facilities/<str:facility>/", facility_views.facility, name="observatory_facility"),
    path(
        "facilities/<str:facility>/population.svg",
        facility_views.facility_chart,
        name="observatory_facility_chart",
    ),
    path(
        "facilities/<str:facility>/population.csv",
        facility_views.facility_population_csv,
        name="observatory_facility_population_csv",
    ),
    path(
        "facilities/<str:facility>/days.csv",
        facility_views.facility_days_csv,
        name="observatory_facility_days_csv",
    ),
    path(
        "facilities/<str:facility>/fields.csv",
        facility_views.facility_fields_csv,
        name="observatory_facility_fields_csv",
    ),
    path("state/<slug:state>/", facility_views.state, name="observatory_state"),
    *AGREEMENT_PAGES,
    *DOCKET_PAGES,
    path("closing-plan/", closing_plan_views.closing_plan, name="observatory_closing_plan"),
    path(
        "closing-plan/chart.svg",
        closing_plan_views.closing_plan_chart,
        name="observatory_closing_plan_chart",
    ),
    path(
        "closing-plan/map.svg",
        closing_plan_views.closing_plan_map,
        name="observatory_closing_plan_map",
    ),
    path(
        "closing-plan/<slug:table>.csv",
        closing_plan_views.closing_plan_csv,
        name="observatory_closing_plan_csv",
    ),
    path("sources/", source_views.sources, name="observatory_sources"),
    path("source/<str:source>/", source_views.source, name="observatory_source"),
    path("figures/", source_views.figures, name="observatory_figures"),
    path("figure/<slug:series>/<day:on>/", source_views.figure, name="observatory_figure"),
    path(
        "figure/<slug:series>/<day:on>.csv", source_views.figure_csv, name="observatory_figure_csv"
    ),
    path("series/<slug:series>.csv", source_views.series_csv, name="observatory_series_csv"),
]

# English last: its addresses have no language in them.
urlpatterns = [
    path(
        f"observatory/{code}/" if code != "en" else "observatory/",
        include(_PAGES),
        {"language": code},
    )
    for code in sorted(PUBLIC_LANGUAGES, key=lambda code: code == "en")
]
