"""Every page and file of the observatory, by its route: tests draw each, a browser looks at each.

Addresses are below `/observatory/` and `/observatory/es/`; the record is the packaged one.
"""

STATISTICS = "ice-statistics-2026-04-09"
PAGES = {
    "observatory": "",
    "observatory a day": "?on=2026-04-01",
    "observatory_demand": "demand/close_facilities/",
    "observatory_demand untold": "demand/discretion_for_relief/",
    "observatory_detention": "detention/",
    "observatory_chart_page": "chart/people/",
    "observatory_chart_page series": "chart/series-average_bond/",
    "observatory_figures": "figures/",
    "observatory_facilities": "facilities/",
    "observatory_facilities found": "facilities/?q=stewart+county",
    "observatory_facilities near": "facilities/?q=stewrat+detenton",
    "observatory_facility": "facilities/stwrtga/",
    "observatory_state": "state/ga/",
    "observatory_closing_plan": "closing-plan/",
    "observatory_sources": "sources/",
    "observatory_source": f"source/{STATISTICS}/",
    "observatory_source row": f"source/{STATISTICS}/?sheet=Detention+FY26&row=20&column=F",
    "observatory_figure": "figure/detained_total/2026-04-04/",
    "observatory_about": "about/",
}
FILES = {
    "observatory_demands_csv": "demands.csv",
    "observatory_detention_map": "detention/map.svg",
    "observatory_states_csv": "detention/states.csv",
    "observatory_chart": "chart/people.svg",
    "observatory_chart_csv": "chart/people.csv",
    "observatory_closing_plan_chart": "closing-plan/chart.svg",
    "observatory_closing_plan_map": "closing-plan/map.svg",
    "observatory_closing_plan_csv": "closing-plan/facilities.csv",
    "observatory_facilities_csv": "facilities.csv",
    "observatory_facility_chart": "facilities/stwrtga/population.svg",
    "observatory_facility_population_csv": "facilities/stwrtga/population.csv",
    "observatory_facility_fields_csv": "facilities/stwrtga/fields.csv",
    "observatory_figure_csv": "figure/detained_total/2026-04-04.csv",
    "observatory_series_csv": "series/detained_total.csv",
}

# Of agreements and courts: the tests of their own are test_observatory_agreements.py and
# test_observatory_docket.py; the packaged record has no docket, and its page says so.
AGREEMENT_PAGES = {
    "observatory_agreements": "agreements/",
    "observatory_agreements_changes": "agreements/changes/",
    "observatory_agreements_state": "agreements/state/ga/",
    "observatory_agency": "agreements/agency/fl-satellite-beach-police-department/",
    "observatory_docket": "docket/",
}
# Where a docket is published, as that of tests/web/invented_docket.py.
DOCKET_PAGES = {
    "observatory_docket": "docket/",
    "observatory_docket_measure": "docket/pending/court/",
    "observatory_docket_measure share": "docket/in_absentia/nationality/",
    "observatory_docket_demands": "docket/demands/",
    "observatory_docket_demand": "docket/demands/haiti_halt/",
}
_OTHER_FILES = """
    observatory_facility_days_csv
    observatory_agreements_map observatory_agreements_map_csv observatory_agreements_csv
    observatory_agreements_counties_csv
    observatory_agreements_history_csv observatory_agreements_people_csv
    observatory_agreements_drafts observatory_agency_notice observatory_agency_request
    observatory_docket_demands_svg observatory_docket_demands_csv
    observatory_docket_measure_svg observatory_docket_measure_csv
"""
NO_PAGE = {*FILES, *_OTHER_FILES.split()}
ROUTES = {name.split()[0] for name in (*PAGES, *AGREEMENT_PAGES, *DOCKET_PAGES)} | NO_PAGE
