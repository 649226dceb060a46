"""The rows of a synthetic release agree with each other and with the published figures."""

import csv
from importlib import resources

import duckdb
import pytest

from wayhome.sources.eoir.codes import court_decisions
from wayhome.sources.eoir.layout import SYNTHETIC_PREFIX, TABLES, Kind
from wayhome.sources.eoir.synthetic import write_release

CASES = 40_000
RELEASE_DATE = "2026-05-31"


@pytest.fixture(scope="module")
def docket(tmp_path_factory):
    """Every table of a release without faults, dates as dates and numbers as numbers."""
    folder = tmp_path_factory.mktemp("docket")
    release = write_release(folder, cases=CASES, seed=3, fault_rate=0)
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    for name, table in TABLES.items():
        path = release / f"{SYNTHETIC_PREFIX}{table.file_name}"
        types = {column.name: "VARCHAR" for column in table.columns}
        values = ", ".join(as_its_kind(column) for column in table.columns)
        connection.execute(
            f"""CREATE TABLE "{name}" AS SELECT {values} FROM read_csv('{path}', header = true,
            delim = '\t', quote = '', escape = '', columns = {types}, auto_detect = false)"""
        )
    return connection


def as_its_kind(column):
    name = f'"{column.name}"'
    if column.kind is Kind.DATE:
        return f"CAST(left({name}, 10) AS DATE) AS {name}"
    return f"CAST({name} AS BIGINT) AS {name}" if column.kind is Kind.ID else name


@pytest.fixture
def count(docket):
    """The number of rows that a query finds."""

    def count(query):
        return docket.execute(f"SELECT count(*) FROM ({query})").fetchone()[0]

    return count


def share(docket, table, condition):
    query = f'SELECT avg(({condition})::INT) FROM "{table}"'
    return docket.execute(query).fetchone()[0]


CHILDREN_OF_CASES = [
    "B_TblProceeding",
    "B_TblProceedCharges",
    "D_TblAssociatedBond",
    "tbl_Court_Appln",
    "tbl_Court_Motions",
    "tbl_CustodyHistory",
    "tbl_JuvenileHistory",
    "tbl_RepsAssigned",
    "tbl_schedule",
]


@pytest.mark.parametrize("table", CHILDREN_OF_CASES)
def test_it_gives_every_row_a_case(count, table):
    assert count(f"FROM {table} ANTI JOIN A_TblCase USING (IDNCASE)") == 0
    assert count(f"FROM {table}") > 0


@pytest.mark.parametrize(
    "table",
    [
        *("B_TblProceedCharges", "D_TblAssociatedBond", "tbl_Court_Appln", "tbl_Court_Motions"),
        *("tbl_JuvenileHistory", "tbl_schedule", "tblAppeal"),
    ],
)
def test_it_gives_every_row_a_proceeding_of_its_own_case(count, table):
    assert (
        count(
            f"""FROM {table} t JOIN B_TblProceeding p USING (IDNPROCEEDING)
            WHERE t.IDNCASE != p.IDNCASE"""
        )
        == 0
    )
    assert (
        count(
            f"""FROM {table} t WHERE t.IDNPROCEEDING IS NOT NULL
            AND t.IDNPROCEEDING NOT IN (SELECT IDNPROCEEDING FROM B_TblProceeding)"""
        )
        == 0
    )


@pytest.mark.parametrize("table", TABLES)
def test_it_numbers_no_two_rows_alike(count, table):
    key = TABLES[table].key[0]

    assert count(f'SELECT "{key}" FROM "{table}" GROUP BY 1 HAVING count(*) > 1') == 0


def test_it_gives_every_case_a_proceeding_but_the_boards_own(count):
    assert (
        count(
            """SELECT IDNCASE FROM A_TblCase LEFT JOIN B_TblProceeding p USING (IDNCASE)
            GROUP BY IDNCASE, A_TblCase.CASE_TYPE
            HAVING (count(p.IDNPROCEEDING) = 0) != (A_TblCase.CASE_TYPE = 'DDC')"""
        )
        == 0
    )


def test_it_has_one_pending_proceeding_at_most_and_it_is_the_last(count):
    assert (
        count(
            """SELECT *, row_number() OVER (PARTITION BY IDNCASE ORDER BY IDNPROCEEDING DESC) AS n
            FROM B_TblProceeding QUALIFY COMP_DATE IS NULL AND n > 1"""
        )
        == 0
    )


def test_it_ends_a_proceeding_with_one_decision_or_one_completion(count):
    assert (
        count(
            """FROM B_TblProceeding WHERE (COMP_DATE IS NOT NULL)::INT
            != (DEC_CODE IS NOT NULL)::INT + (OTHER_COMP IS NOT NULL)::INT"""
        )
        == 0
    )


def test_it_orders_the_dates_of_a_proceeding(count):
    assert (
        count(
            f"""FROM B_TblProceeding WHERE OSC_DATE > INPUT_DATE OR INPUT_DATE > COMP_DATE
            OR greatest(INPUT_DATE, COMP_DATE) > DATE '{RELEASE_DATE}'
            OR HEARING_DATE < INPUT_DATE OR DATE_RELEASED < DATE_DETAINED
            OR DATE_APPEAL_DUE_STATUS != COMP_DATE + 30"""
        )
        == 0
    )


def test_it_begins_a_proceeding_after_the_one_before(count):
    assert (
        count(
            """SELECT INPUT_DATE, lag(COMP_DATE) OVER case_rows AS before FROM B_TblProceeding
            WINDOW case_rows AS (PARTITION BY IDNCASE ORDER BY IDNPROCEEDING)
            QUALIFY INPUT_DATE < before"""
        )
        == 0
    )


def test_it_moves_a_case_to_the_court_that_it_goes_on_in(count):
    moved = """SELECT *, lead(BASE_CITY_CODE) OVER case_rows AS next FROM B_TblProceeding
        WINDOW case_rows AS (PARTITION BY IDNCASE ORDER BY IDNPROCEEDING)"""

    assert count(f"FROM ({moved}) WHERE TRANSFER_TO != next AND next IS NOT NULL") == 0
    assert count(f"FROM ({moved}) WHERE TRANSFER_TO = next") > 1000
    assert (
        count(
            """FROM B_TblProceeding WHERE (OTHER_COMP IN ('C', 'T') AND OTHER_COMP IS NOT NULL)
            != (TRANSFER_TO IS NOT NULL) OR (TRANSFER_TO IS NULL) != (VENUE_CHG_GRANTED IS NULL)"""
        )
        == 0
    )


@pytest.mark.parametrize(("column", "kind"), [("DEC_CODE", "C"), ("OTHER_COMP", "O")])
def test_it_decides_as_the_type_of_case_allows(docket, column, kind):
    allowed = {(d.case_type, d.code) for d in court_decisions() if d.type == kind}
    found = docket.execute(
        f"SELECT DISTINCT CASE_TYPE, {column} FROM B_TblProceeding WHERE {column} IS NOT NULL"
    ).fetchall()

    assert set(found) <= allowed


def test_it_orders_in_absence_only_removal_and_only_people_at_liberty(count):
    assert (
        count(
            """FROM B_TblProceeding WHERE ABSENTIA = 'Y' AND (CUSTODY = 'D' OR DEC_CODE IS NULL
            OR (CASE_TYPE, DEC_CODE) NOT IN (('RMV', 'X'), ('DEP', 'D'), ('EXC', 'E')))"""
        )
        == 0
    )
    assert count("FROM B_TblProceeding WHERE ABSENTIA = 'Y'") > 2000


@pytest.mark.parametrize("column", ["NAT", "LANG", "CASE_TYPE"])
def test_it_says_the_same_of_a_person_in_case_and_proceeding(count, column):
    assert (
        count(
            f"""FROM B_TblProceeding p JOIN A_TblCase c USING (IDNCASE)
            WHERE p.{column} != c.{column}"""
        )
        == 0
    )


def test_it_names_the_court_of_the_current_proceeding(count):
    assert (
        count(
            """SELECT last(BASE_CITY_CODE ORDER BY IDNPROCEEDING) AS court, any_value(UPDATE_SITE)
            AS site FROM B_TblProceeding JOIN A_TblCase USING (IDNCASE) GROUP BY IDNCASE
            HAVING court != site"""
        )
        == 0
    )


def test_it_agrees_on_custody_but_for_a_stale_few(docket):
    stale = docket.execute(
        """SELECT avg((custody != last)::INT) FROM (SELECT any_value(c.CUSTODY) AS custody,
        last(h.CUSTODY ORDER BY IDNCUSTODY) AS last FROM tbl_CustodyHistory h
        JOIN A_TblCase c USING (IDNCASE) GROUP BY IDNCASE)"""
    ).fetchone()[0]

    assert 0 < stale < 0.01


def test_it_dates_custody_as_it_was(count):
    assert (
        count(
            """FROM tbl_CustodyHistory WHERE DATRELEASED < DATDETAINED
            OR (CUSTODY = 'N' AND DATDETAINED IS NOT NULL)
            OR (CUSTODY != 'R' AND DATRELEASED IS NOT NULL)"""
        )
        == 0
    )


def test_it_holds_bond_hearings_for_people_in_detention(count):
    assert (
        count(
            """FROM D_TblAssociatedBond b JOIN B_TblProceeding p USING (IDNPROCEEDING)
            WHERE p.CUSTODY = 'N' OR b.COMP_DATE < BOND_HEAR_REQ_DATE
            OR (b.DEC IN ('C', 'G', 'R') AND p.CUSTODY = 'D')"""
        )
        == 0
    )


def test_it_appeals_after_the_decision(count):
    appeals = "tblAppeal a JOIN B_TblProceeding p USING (idnProceeding)"

    assert (
        count(
            f"""FROM {appeals} WHERE strAppealType = 'Case Appeal'
            AND (DEC_CODE IS NULL OR datAppealFiled <= COMP_DATE)"""
        )
        == 0
    )
    assert count("FROM tblAppeal WHERE datBIADecision < datAppealFiled") == 0
    assert count("FROM tblAppeal WHERE (datBIADecision IS NULL) != (strBIADecision IS NULL)") == 0


def test_it_goes_on_with_a_case_that_the_board_sent_back(count):
    sent_back = """tblAppeal a JOIN B_TblProceeding p USING (idnProceeding) WHERE
        strAppealType = 'Case Appeal' AND strBIADecision = 'REM'"""

    assert count(f"FROM {sent_back}") > 50
    assert (
        count(
            f"""FROM {sent_back} AND NOT EXISTS (FROM B_TblProceeding n WHERE n.IDNCASE = p.IDNCASE
            AND n.IDNPROCEEDING > p.IDNPROCEEDING
            AND coalesce(n.INPUT_DATE >= a.datBIADecision, true))"""
        )
        == 0
    )


def test_it_appeals_no_reserved_right_that_has_passed(count):
    assert (
        count(
            """FROM tblAppeal a JOIN B_TblProceeding p USING (idnProceeding)
            WHERE strAppealType = 'Case Appeal' AND APPEAL_NOT_FILED = 'X'"""
        )
        == 0
    )


def test_it_reopens_a_case_by_a_granted_motion(count):
    # A decided removal case with a later proceeding was sent back or reopened.
    assert (
        count(
            """SELECT *, lead(IDNPROCEEDING) OVER case_rows AS next FROM B_TblProceeding p
            WINDOW case_rows AS (PARTITION BY IDNCASE ORDER BY IDNPROCEEDING)
            QUALIFY DEC_CODE IS NOT NULL AND next IS NOT NULL AND NOT EXISTS (
                FROM tbl_Court_Motions m WHERE m.IDNPROCEEDING = p.IDNPROCEEDING
                AND REC_TYPE IN ('O', 'MA') AND DEC = 'G')
            AND NOT EXISTS (FROM tblAppeal a WHERE a.idnProceeding = p.IDNPROCEEDING
                AND strBIADecision = 'REM')"""
        )
        == 0
    )


def test_it_notes_a_stay_on_motions_for_a_stay(count):
    assert count("FROM tbl_Court_Motions WHERE STAY_GRANT IS NOT NULL AND REC_TYPE != 'SY'") == 0
    assert count("FROM tbl_Court_Motions WHERE STAY_GRANT IS NOT NULL") > 10


def test_it_decides_motions_after_they_are_made(count):
    assert (
        count("FROM tbl_Court_Motions WHERE COMP_DATE < MOTION_RECD_DATE OR COMP_DATE < INPUT_DATE")
        == 0
    )


def test_it_grants_relief_where_somebody_asked_for_it(count):
    assert (
        count(
            """FROM B_TblProceeding p WHERE CASE_TYPE = 'RMV' AND DEC_CODE = 'R' AND NOT EXISTS
            (FROM tbl_Court_Appln a WHERE a.IDNCASE = p.IDNCASE)"""
        )
        == 0
    )


def test_it_grants_no_application_of_a_person_ordered_removed(count):
    assert (
        count(
            """FROM tbl_Court_Appln a JOIN B_TblProceeding p USING (IDNPROCEEDING)
            WHERE APPL_DEC IN ('G', 'F') AND (CASE_TYPE, DEC_CODE) IN
            (('RMV', 'X'), ('DEP', 'D'), ('EXC', 'E'))"""
        )
        == 0
    )


def test_it_charges_crimes_where_the_file_says_crime(count):
    charged = """FROM B_TblProceeding p JOIN B_TblProceedCharges c USING (IDNPROCEEDING)
        WHERE p.CRIM_IND = 'Y' AND p.CASE_TYPE = 'RMV' GROUP BY IDNPROCEEDING"""

    assert (
        count(
            f"SELECT IDNPROCEEDING {charged} HAVING NOT bool_or(CHARGE SIMILAR TO '2(12|37)a02.*')"
        )
        == 0
    )
    assert count(f"SELECT IDNPROCEEDING {charged}") > 1000


def test_it_orders_the_dates_of_a_life(count):
    born = "strptime(C_BIRTHDATE, '%-m/%Y')"
    assert (
        count(
            f"""FROM A_TblCase c JOIN B_TblProceeding p USING (IDNCASE)
            WHERE DATE_OF_ENTRY > OSC_DATE OR {born} > DATE_OF_ENTRY"""
        )
        == 0
    )


def test_it_gives_the_priority_of_unaccompanied_children_to_minors(count):
    assert (
        count(
            """FROM A_TblCase c JOIN B_TblProceeding p USING (IDNCASE)
            WHERE CASEPRIORITY_CODE = 'UC'
            AND datediff('year', strptime(C_BIRTHDATE, '%-m/%Y'), OSC_DATE) > 18"""
        )
        == 0
    )


def test_it_files_deportation_cases_before_the_law_of_1996(count):
    assert (
        count(
            """FROM B_TblProceeding WHERE (CASE_TYPE IN ('DEP', 'EXC'))
            != (OSC_DATE < DATE '1997-04-01') AND CASE_TYPE IN ('DEP', 'EXC')"""
        )
        == 0
    )


def test_it_speaks_the_language_of_the_country(docket):
    spoken = dict(
        docket.execute(
            """SELECT NAT, mode(LANG) FROM A_TblCase WHERE NAT IN ('HA', 'MX', 'BR', 'CH', 'ES')
            GROUP BY 1"""
        ).fetchall()
    )

    assert spoken == {"HA": "CRE", "MX": "SP", "BR": "POR", "CH": "MAN", "ES": "SP"}


def test_it_files_more_cases_every_year_up_to_2023(docket):
    filed = dict(
        docket.execute(
            """SELECT year, count(*) FROM (SELECT year(min(OSC_DATE)) AS year FROM B_TblProceeding
            GROUP BY IDNCASE) GROUP BY 1"""
        ).fetchall()
    )

    assert max(filed, key=filed.get) == 2023
    assert filed[2023] > 1.5 * filed[2022] > 1.5 * filed[2018] > filed[2004]


def test_it_has_the_real_number_of_rows_a_case(docket):
    # Rows of June 2026 by case of June 2026.
    real = {
        "B_TblProceeding": 16_467_602,
        "B_TblProceedCharges": 18_774_089,
        "tbl_Court_Appln": 16_019_781,
        "tbl_CustodyHistory": 9_961_206,
        "D_TblAssociatedBond": 1_609_611,
        "tblAppeal": 1_503_225,
    }
    for table, rows in real.items():
        made = docket.execute(f"SELECT count(*) FROM {table}").fetchone()[0] / CASES
        assert made == pytest.approx(rows / 12_610_093, rel=0.15), table


# Columns of little use whose share a release of this kind does not reach.
LOOSE = {("B_TblProceeding", "TRANS_NBR"), ("tbl_RepsAssigned", "INS_TA_DATE_ASSIGNED")}


@pytest.mark.parametrize("table", [name for name in TABLES if name != "tblProBono"])
def test_it_leaves_as_many_values_empty_as_the_real_release(docket, table):
    columns = TABLES[table].columns
    shares = ", ".join(f'1 - count("{column.name}") / count(*)::DOUBLE' for column in columns)
    rows = docket.execute(f'SELECT count(*), {shares} FROM "{table}"').fetchone()

    tolerance = 0.02 + 1.5 / rows[0] ** 0.5
    for column, missing in zip(columns, rows[1:], strict=True):
        if (table, column.name) not in LOOSE:
            assert missing == pytest.approx(column.missing_share, abs=tolerance), column.name


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("A_TblCase", "CASE_TYPE"),
        ("A_TblCase", "CUSTODY"),
        ("A_TblCase", "SITE_TYPE"),
        ("A_TblCase", "LATEST_CAL_TYPE"),
        ("A_TblCase", "Sex"),
        ("A_TblCase", "LPR"),
        ("A_TblCase", "CASEPRIORITY_CODE"),
        ("B_TblProceeding", "CASE_TYPE"),
        ("B_TblProceeding", "DEC_CODE"),
        ("B_TblProceeding", "OTHER_COMP"),
        ("B_TblProceeding", "DEC_TYPE"),
        ("B_TblProceeding", "CRIM_IND"),
        ("B_TblProceeding", "APPEAL_RSVD"),
        ("B_TblProceedCharges", "CHG_STATUS"),
        ("D_TblAssociatedBond", "DEC"),
        ("D_TblAssociatedBond", "BOND_TYPE"),
        ("tbl_Court_Motions", "DEC"),
        ("tbl_Court_Motions", "STRFILINGPARTY"),
        ("tbl_CustodyHistory", "CUSTODY"),
        ("tbl_JuvenileHistory", "idnJuvenile"),
        ("tblAppeal", "strAppealType"),
        ("tblAppeal", "strFiledBy"),
    ],
)
def test_it_uses_codes_as_often_as_the_real_release(docket, table, column):
    figures = resources.files("wayhome.sources.eoir").joinpath("figures", "frequencies.csv")
    rows = csv.DictReader(figures.read_text("utf-8").splitlines())
    real = {
        r["value"]: int(r["count"]) for r in rows if (r["table"], r["column"]) == (table, column)
    }
    made = dict(
        docket.execute(
            f'SELECT "{column}", count(*) FROM {table} WHERE "{column}" IS NOT NULL GROUP BY 1'
        ).fetchall()
    )

    real_total, made_total = sum(real.values()), sum(made.values())
    tolerance = 0.022 + 1.5 / made_total**0.5
    for value, number in real.items():
        found = made.get(value, 0) / made_total
        assert found == pytest.approx(number / real_total, abs=tolerance), value


def test_it_enters_a_lawyer_in_about_38_cases_of_100(docket):
    assert share(docket, "A_TblCase", "E_28_DATE IS NOT NULL") == pytest.approx(0.385, abs=0.01)
