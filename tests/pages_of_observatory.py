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
    "observatory_facilities": "facilities/",
    "observatory_facilities found": "facilities/?q=stewart+county",
    "observatory_facilities near": "facilities/?q=stewrat+detenton",
    "observatory_facility": "facilities/stwrtga/",
    "observatory_state": "state/ga/",
    "observatory_closing_plan": "closing-plan/",
    "observatory_sources": "sources/",
    "observatory_source": f"source/{STATISTICS}/",
    "observatory_source row": f"source/{STATISTICS}/?sheet=Detention+FY26&row=20&column=F",
    "observatory_figure": "figure/detained_total/2026-04-02/",
    "observatory_about": "about/",
}
FILES = {
    "observatory_demands_csv": "demands.csv",
    "observatory_detention_map": "detention/map.svg",
    "observatory_states_csv": "detention/states.csv",
    "observatory_chart": "chart/people.svg",
    "observatory_chart_csv": "chart/people.csv",
    "observatory_facilities_csv": "facilities.csv",
    "observatory_facility_chart": "facilities/stwrtga/population.svg",
    "observatory_facility_population_csv": "facilities/stwrtga/population.csv",
    "observatory_facility_fields_csv": "facilities/stwrtga/fields.csv",
    "observatory_figure_csv": "figure/detained_total/2026-04-02.csv",
    "observatory_series_csv": "series/detained_total.csv",
}
