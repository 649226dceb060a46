"""From the tables of the release to the facts of a case, as named steps of SQL.

Each step is one SELECT over the steps and tables before it, and makes the table of its name: run
them one after another, stop anywhere and look. What each fact means, and when it is false rather
than unknown, stands in `facts.csv` beside this file.

Tables that the steps start from (`deriving` makes them): those of the release by their short
names in TABLES_USED; the meaning of codes from the CSV files of this folder; and two settings,
`release_date` and `has_appeals`.
"""

from __future__ import annotations

from dataclasses import dataclass

from wayhome.sources.eoir.meaning.charges import UNCLEAR, effect_bits

# The tables and columns that the steps read; no step sees any other. Without one of these
# columns a table is refused; without a table, the facts drawn from it are unknown.
TABLES_USED = {
    "cases": (
        "A_TblCase",
        "IDNCASE NAT LANG CUSTODY E_28_DATE CASE_TYPE UPDATE_SITE LATEST_HEARING DATE_OF_ENTRY "
        "C_BIRTHDATE Sex DATE_DETAINED LPR DETENTION_LOCATION",
    ),
    "proceedings": (
        "B_TblProceeding",
        "IDNPROCEEDING IDNCASE OSC_DATE INPUT_DATE BASE_CITY_CODE HEARING_LOC_CODE DEC_CODE "
        "OTHER_COMP APPEAL_NOT_FILED COMP_DATE ABSENTIA CUSTODY CASE_TYPE NAT LANG DATE_DETAINED",
    ),
    "charges": ("B_TblProceedCharges", "IDNCASE CHARGE CHG_STATUS"),
    "applications": ("tbl_Court_Appln", "IDNCASE APPL_CODE APPL_RECD_DATE APPL_DEC"),
    "custody_history": ("tbl_CustodyHistory", "IDNCUSTODY IDNCASE CUSTODY DATDETAINED"),
    "bonds": ("D_TblAssociatedBond", "IDNASSOCBOND IDNCASE DEC COMP_DATE"),
    "appeals": (
        "tblAppeal",
        "idnAppeal idncase idnProceeding strAppealType datAppealFiled datBIADecision "
        "strBIADecision",
    ),
    "motions": ("tbl_Court_Motions", "IDNCASE DEC COMP_DATE STAY_GRANT"),
    "juvenile_history": ("tbl_JuvenileHistory", "idnCase idnJuvenile"),
}


@dataclass(frozen=True)
class Step:
    """One SELECT, and what its rows are."""

    name: str
    what: str
    sql: str


def steps() -> tuple[Step, ...]:
    """Every step in its order. The last gives the facts, one row a case."""
    return (
        *_proceeding_steps(),
        *_appeal_steps(),
        _charge_step(),
        *_other_steps(),
        _custody_step(),
        _fact_step(),
    )


def _proceeding_steps() -> tuple[Step, ...]:
    return (
        Step(
            "proceeding_outcomes",
            "Every proceeding with the meaning of its decision. DEC_CODE (on the merits) goes "
            "before OTHER_COMP (administrative). A proceeding with neither a completion date nor "
            "a decision is open; one with a decision and no (readable) date is undated.",
            """
            SELECT p.IDNCASE AS case_id, p.IDNPROCEEDING AS proceeding_id, p.COMP_DATE::DATE
                AS completed_on, p.OSC_DATE::DATE AS charged_on, p.* EXCLUDE
                (IDNCASE, IDNPROCEEDING, COMP_DATE, OSC_DATE, INPUT_DATE),
                d.outcome, d.makes_order, d.grants_protection, d.finds_fear,
                coalesce(d.no_outcome, false) AS no_outcome,
                coalesce(p.DEC_CODE, p.OTHER_COMP) IS NULL AND p.COMP_DATE IS NULL AS is_open,
                coalesce(p.DEC_CODE, p.OTHER_COMP) IS NOT NULL AND p.COMP_DATE IS NULL
                    AS is_undated
            FROM proceedings p
            LEFT JOIN decision_meanings d
                ON d.case_type = p.CASE_TYPE
                AND d.type = CASE WHEN p.DEC_CODE IS NULL THEN 'O' ELSE 'C' END
                AND d.code = coalesce(p.DEC_CODE, p.OTHER_COMP)
            """,
        ),
        Step(
            "case_proceedings",
            "Per case: whether a proceeding is open, and whether the order in time of its "
            "outcomes can be told at all.",
            """
            SELECT case_id,
                bool_or(is_open) AS is_open,
                bool_or(is_undated) AS has_undated,
                count(*) FILTER (NOT is_open AND NOT no_outcome) AS outcomes,
                min(charged_on) AS first_charged_on
            FROM proceeding_outcomes GROUP BY case_id
            """,
        ),
        Step(
            "latest_proceeding",
            "Per case the proceeding where it stands now: an open one, else the last completed.",
            """
            SELECT case_id, BASE_CITY_CODE, HEARING_LOC_CODE, CUSTODY, DATE_DETAINED, NAT, LANG,
                CASE_TYPE
            FROM proceeding_outcomes
            QUALIFY row_number() OVER (
                PARTITION BY case_id
                ORDER BY is_open DESC, completed_on DESC NULLS LAST, proceeding_id DESC
            ) = 1
            """,
        ),
        Step(
            "outcome_proceeding",
            "Per case the last completed proceeding that has an outcome: a change of venue has "
            "none, for the case goes on elsewhere. Of a case with several outcomes of which one "
            "is undated nobody can say which is the last: such a case has no row.",
            """
            SELECT o.*
            FROM (
                SELECT case_id, proceeding_id, completed_on, outcome, makes_order,
                    grants_protection, finds_fear, ABSENTIA, APPEAL_NOT_FILED
                FROM proceeding_outcomes
                WHERE NOT is_open AND NOT no_outcome
                QUALIFY row_number() OVER (
                    PARTITION BY case_id ORDER BY completed_on DESC NULLS LAST, proceeding_id DESC
                ) = 1
            ) o
            JOIN case_proceedings c USING (case_id)
            WHERE c.outcomes = 1 OR NOT c.has_undated
            """,
        ),
    )


def _appeal_steps() -> tuple[Step, ...]:
    return (
        Step(
            "case_appeals",
            "Every appeal to the Board with its case, which may stand in its proceeding alone.",
            """
            SELECT coalesce(a.idncase, p.IDNCASE) AS case_id, a.idnAppeal AS appeal_id,
                a.idnProceeding AS proceeding_id, a.datAppealFiled::DATE AS filed_on,
                a.datBIADecision::DATE AS decided_on,
                a.datBIADecision IS NULL AND a.strBIADecision IS NULL AS is_undecided,
                t.is_appeal, t.of_the_order, b.order_stands
            FROM appeals a
            LEFT JOIN proceedings p ON a.idncase IS NULL AND p.IDNPROCEEDING = a.idnProceeding
            LEFT JOIN appeal_meanings t ON t.appeal_type = a.strAppealType
            LEFT JOIN bia_meanings b ON b.code = a.strBIADecision
            """,
        ),
        Step(
            "pending_appeals",
            "Per case whether an appeal is undecided (bond appeals and motions are none); unknown "
            "where the type of an undecided one cannot be read.",
            """
            SELECT case_id,
                CASE WHEN bool_or(is_undecided AND is_appeal) THEN true
                    WHEN bool_or(is_undecided AND is_appeal IS NULL) THEN NULL
                    ELSE false END AS is_pending
            FROM case_appeals GROUP BY case_id
            """,
        ),
        Step(
            "outcome_appeals",
            "Per case what the Board did with the last outcome: appeals from that proceeding, or, "
            "where an appeal names no proceeding, filed on the day of the outcome or later.",
            """
            SELECT o.case_id,
                bool_or(a.is_undecided) AS is_undecided,
                arg_max(
                    {'stands': a.order_stands, 'decided_on': a.decided_on},
                    {'day': coalesce(a.decided_on, DATE '1900-01-01'), 'id': a.appeal_id}
                ) AS last
            FROM case_appeals a
            JOIN outcome_proceeding o USING (case_id)
            WHERE a.of_the_order
                AND (a.proceeding_id = o.proceeding_id
                    OR (a.proceeding_id IS NULL AND a.filed_on >= o.completed_on))
            GROUP BY o.case_id
            """,
        ),
    )


def _charge_step() -> Step:
    return Step(
        "case_charges",
        "Per case what its charges show, a bit an effect of `charges.csv`: all that were ever "
        "made, those that stand (neither withdrawn nor not sustained), those that were "
        "withdrawn, and those that the judge sustained.",
        """
        SELECT c.IDNCASE AS case_id,
            bit_or(m.effects) AS made,
            bit_or(CASE WHEN c.CHG_STATUS IN ('N', 'W') THEN 0 ELSE m.effects END) AS standing,
            bit_or(CASE WHEN c.CHG_STATUS = 'W' THEN m.effects ELSE 0 END) AS withdrawn,
            bit_or(CASE WHEN c.CHG_STATUS = 'S' THEN m.effects ELSE 0 END) AS sustained
        FROM charges c JOIN charge_meanings m ON m.charge = coalesce(c.CHARGE, '')
        GROUP BY c.IDNCASE
        """,
    )


def _other_steps() -> tuple[Step, ...]:
    return (
        Step(
            "application_states",
            "Every application to the court with its kind and what became of it. One without a "
            "decision is pending; one that went with the case to another court stands there "
            "again; a decision that is in no table is unread.",
            """
            SELECT a.IDNCASE AS case_id, a.APPL_RECD_DATE::DATE AS filed_on,
                k.is_asylum, k.is_withholding, k.is_fear, k.is_relief,
                CASE WHEN a.APPL_DEC IS NULL THEN 'pending'
                    ELSE coalesce(r.result, 'unread') END AS state
            FROM applications a
            JOIN application_meanings k ON k.code = a.APPL_CODE
            LEFT JOIN application_results r ON r.code = a.APPL_DEC
            """,
        ),
        Step(
            "case_applications",
            "Per case its applications by kind.",
            """
            SELECT case_id,
                bool_or(is_fear) AS has_fear,
                min(filed_on) FILTER (is_asylum) AS asylum_filed_on,
                bool_or(state = 'pending') FILTER (is_asylum) AS asylum_is_pending,
                bool_or(state = 'unread') FILTER (is_asylum) AS asylum_is_unread,
                bool_or(state IN ('granted', 'denied', 'closed')) FILTER (is_asylum)
                    AS asylum_is_decided,
                bool_or(state = 'pending') FILTER (is_relief) AS relief_is_pending,
                bool_or(state = 'unread') FILTER (is_relief) AS relief_is_unread,
                bool_or(state IN ('granted', 'denied', 'closed')) FILTER (is_relief)
                    AS relief_is_decided,
                bool_or(state = 'granted') FILTER (is_withholding) AS withholding_is_granted,
                bool_or(state IN ('denied', 'closed')) FILTER (is_withholding)
                    AND bool_and(state IN ('denied', 'closed', 'moved')) FILTER (is_withholding)
                    AS withholding_is_refused
            FROM application_states GROUP BY case_id
            """,
        ),
        Step(
            "case_bonds",
            "Per case the last decision on bond.",
            """
            SELECT b.IDNCASE AS case_id, m.denied AS bond_denied
            FROM bonds b LEFT JOIN bond_meanings m ON m.code = b.DEC
            WHERE b.DEC IS NOT NULL
            QUALIFY row_number() OVER (
                PARTITION BY b.IDNCASE
                ORDER BY b.COMP_DATE DESC NULLS LAST, b.IDNASSOCBOND DESC
            ) = 1
            """,
        ),
        Step(
            "case_stays",
            "Cases with a stay granted on a motion that is not decided yet: a stay that the "
            "judge grants ends with the motion.",
            """
            SELECT DISTINCT IDNCASE AS case_id
            FROM motions
            WHERE STAY_GRANT = 'G' AND DEC IS NULL AND COMP_DATE IS NULL
            """,
        ),
        Step(
            "case_juveniles",
            "Per case whether any entry says juvenile (else, whether one says that none is).",
            """
            SELECT j.idnCase AS case_id, bool_or(m.is_juvenile) AS is_juvenile
            FROM juvenile_history j JOIN juvenile_meanings m ON m.code = j.idnJuvenile
            GROUP BY j.idnCase
            """,
        ),
    )


def _custody_step() -> Step:
    return Step(
        "case_custody",
        "Per case the custody status: the last entry of its history, else that of the latest "
        "proceeding, else that of the case table, which may be stale. The start of detention "
        "comes from the same place as the status.",
        """
        SELECT c.IDNCASE AS case_id,
            CASE WHEN h.CUSTODY IN ('D', 'N', 'R') THEN h.CUSTODY
                WHEN p.CUSTODY IN ('D', 'N', 'R') THEN p.CUSTODY
                WHEN c.CUSTODY IN ('D', 'N', 'R') THEN c.CUSTODY END AS status,
            CASE WHEN h.CUSTODY IN ('D', 'N', 'R') THEN h.DATDETAINED
                WHEN p.CUSTODY IN ('D', 'N', 'R') THEN p.DATE_DETAINED
                WHEN c.CUSTODY IN ('D', 'N', 'R') THEN c.DATE_DETAINED END::DATE AS detained_on
        FROM cases c
        LEFT JOIN (
            SELECT IDNCASE, CUSTODY, DATDETAINED FROM custody_history
            QUALIFY row_number() OVER (PARTITION BY IDNCASE ORDER BY IDNCUSTODY DESC) = 1
        ) h ON h.IDNCASE = c.IDNCASE
        LEFT JOIN latest_proceeding p ON p.case_id = c.IDNCASE
        """,
    )


def _shown(charges: str, effect: str) -> str:
    """Whether some of a case's charges (`made`, `standing`…) show an effect."""
    return f"(ch.{charges} & {effect_bits()[effect]}) <> 0"


def _charged_sql(effect: str) -> str:
    """True if such a charge was made; false if the case has charges, all clear, and none is."""
    return (
        f"CASE WHEN {_shown('made', effect)} THEN true "
        f"WHEN NOT {_shown('made', UNCLEAR)} THEN false END AS {effect}"
    )


def _ground_sql(effect: str) -> str:
    """True if such a charge stands; false if one was made and none such was more than refused.

    A charge that was never made, or was withdrawn, shows nothing: the ground may be there.
    """
    return (
        f"CASE WHEN {_shown('standing', effect)} THEN true "
        f"WHEN {_shown('made', effect)} AND NOT {_shown('withdrawn', effect)} THEN false "
        f"END AS {effect}"
    )


def _suspicion_sql(effect: str, fact: str) -> str:
    """True if such a charge stands, and never false: the ground needs no charge."""
    return f"CASE WHEN {_shown('standing', effect)} THEN true END AS {fact}"


def _past_sql(day: str, fact: str) -> str:
    """A day that lies in the past of the release; a later one is a slip of the pen."""
    return f"CASE WHEN {day} <= getvariable('release_date') THEN ({day})::DATE END AS {fact}"


def _fact_step() -> Step:
    return Step(
        "facts",
        "The facts of every case; `place` is its row in the case table (from 0).",
        _facts_sql(),
    )


def _facts_sql() -> str:
    charged = [
        "charge_criminal",
        "charge_aggravated_felony",
        "charge_controlled_substance",
        "charge_moral_turpitude",
        "charge_firearms",
        "charge_domestic_violence",
        "charge_security",
    ]
    grounds = ["reentered_after_removal", "misrepresentation", "false_citizenship_claim"]
    facts = [
        _PERSON_SQL,
        _CASE_SQL,
        _OUTCOME_SQL,
        _ORDER_SQL,
        *[_charged_sql(effect) for effect in charged],
        *[_ground_sql(effect) for effect in grounds],
        _suspicion_sql("charge_security", "national_security_concern"),
        _suspicion_sql("mandatory_crime_ground", "mandatory_crime_ground"),
        f"""
        CASE WHEN {_shown("standing", "without_inspection")}
                AND NOT {_shown("standing", "inspected")} THEN 'without_inspection'
            WHEN {_shown("standing", "inspected")}
                AND NOT {_shown("standing", "without_inspection")} THEN 'inspected'
            END AS manner_of_entry
        """,
        f"""
        CASE WHEN o.makes_order IS NOT TRUE THEN NULL
            WHEN {_shown("sustained", "rests_on_conviction")} THEN true
            WHEN NOT {_shown("standing", "charge_criminal")}
                AND NOT {_shown("made", UNCLEAR)} THEN false
            END AS order_rests_on_conviction
        """,
        _APPLICATION_SQL,
        _CUSTODY_SQL,
    ]
    return f"SELECT {','.join(facts)} {_FROM_SQL}"


_FROM_SQL = """
FROM cases c
LEFT JOIN case_proceedings cp ON cp.case_id = c.IDNCASE
LEFT JOIN latest_proceeding lp ON lp.case_id = c.IDNCASE
LEFT JOIN outcome_proceeding o ON o.case_id = c.IDNCASE
LEFT JOIN outcome_appeals oa ON oa.case_id = c.IDNCASE
LEFT JOIN pending_appeals pa ON pa.case_id = c.IDNCASE
LEFT JOIN case_charges ch ON ch.case_id = c.IDNCASE
LEFT JOIN case_applications ap ON ap.case_id = c.IDNCASE
LEFT JOIN case_bonds bo ON bo.case_id = c.IDNCASE
LEFT JOIN case_stays st ON st.case_id = c.IDNCASE
LEFT JOIN case_juveniles ju ON ju.case_id = c.IDNCASE
LEFT JOIN case_custody cu ON cu.case_id = c.IDNCASE
LEFT JOIN nationality_meanings cn ON cn.code = c.NAT
LEFT JOIN nationality_meanings pn ON pn.code = lp.NAT
LEFT JOIN languages cl ON cl.code = c.LANG
LEFT JOIN languages pl ON pl.code = lp.LANG
LEFT JOIN case_type_meanings ct ON ct.case_type = coalesce(c.CASE_TYPE, lp.CASE_TYPE)
LEFT JOIN court_meanings co ON co.base_city = coalesce(lp.BASE_CITY_CODE, c.UPDATE_SITE)
LEFT JOIN hearing_location_meanings hl ON hl.code = lp.HEARING_LOC_CODE
"""

_PERSON_SQL = f"""
c.place,
c.IDNCASE AS case_id,
coalesce(cn.iso, pn.iso) AS country_of_citizenship,
{
    _past_sql(
        "make_date(split_part(c.C_BIRTHDATE, '/', 2)::INT, "
        "split_part(c.C_BIRTHDATE, '/', 1)::INT, 1)",
        "birth_date",
    )
},
CASE c.Sex WHEN 'F' THEN 'female' WHEN 'M' THEN 'male' END AS sex,
coalesce(cl.code, pl.code) AS language,
{_past_sql("c.DATE_OF_ENTRY", "first_entry_date")},
{_past_sql("c.DATE_OF_ENTRY", "last_entry_date")},
-- Zero is what an empty field became in 99 of 100 rows: it says nothing.
CASE WHEN c.LPR = '1' THEN true END AS lawful_permanent_resident,
ju.is_juvenile AS juvenile
"""

_CASE_SQL = f"""
ct.proceeding_type,
{_past_sql("cp.first_charged_on", "nta_date")},
CASE WHEN c.E_28_DATE IS NOT NULL THEN true END AS represented,
CASE WHEN cp.is_open THEN true
    WHEN cp.outcomes > 0 AND NOT cp.has_undated THEN false END AS case_pending,
co.base_city AS court,
coalesce(co.circuit, hl.circuit) AS judicial_circuit,
CASE WHEN coalesce(c.CASE_TYPE, lp.CASE_TYPE) = 'CFR' THEN true END AS arriving_asylum_seeker,
CASE WHEN c.LATEST_HEARING > getvariable('release_date')
    THEN c.LATEST_HEARING::DATE END AS next_hearing_date
"""

_OUTCOME_SQL = """
o.outcome AS order_outcome,
o.finds_fear AS credible_fear_found,
CASE WHEN o.grants_protection OR ap.withholding_is_granted THEN true
    WHEN ap.withholding_is_refused THEN false END AS withholding_granted,
CASE WHEN pa.case_id IS NOT NULL THEN pa.is_pending
    WHEN getvariable('has_appeals') THEN false END AS appeal_pending,
CASE WHEN st.case_id IS NOT NULL THEN true END AS stay_in_effect,
CASE WHEN o.APPEAL_NOT_FILED = 'X' THEN true
    WHEN oa.case_id IS NOT NULL THEN false END AS appeal_deadline_missed
"""

# An order is final thirty days after it was made when nobody appealed, and else when the Board
# lets it stand (8 CFR 1241.1(a)-(c)); an order made in absence is final at once (8 CFR 1241.1(e)).
# Without the table of appeals nobody knows which. An order of a case that is open again is final
# no more.
_FINAL_WITHOUT_APPEAL = "o.completed_on + CASE WHEN o.ABSENTIA = 'Y' THEN 0 ELSE 30 END"
_ORDER_SQL = f"""
CASE WHEN o.makes_order AND o.ABSENTIA = 'Y' THEN true
    WHEN NOT o.makes_order OR o.ABSENTIA = 'N' THEN false
    WHEN cp.outcomes = 0 AND cp.is_open THEN false
    END AS ordered_in_absentia,
{_past_sql("CASE WHEN o.makes_order THEN o.completed_on END", "order_date")},
CASE WHEN o.makes_order IS NOT TRUE OR NOT getvariable('has_appeals') THEN NULL
    WHEN oa.case_id IS NULL AND {_FINAL_WITHOUT_APPEAL} < getvariable('release_date')
        THEN {_FINAL_WITHOUT_APPEAL}
    WHEN NOT oa.is_undecided AND oa.last.stands THEN oa.last.decided_on
    END AS order_final_date,
CASE WHEN cp.is_open OR oa.is_undecided THEN false
    WHEN NOT getvariable('has_appeals') THEN NULL
    WHEN o.makes_order AND oa.case_id IS NOT NULL THEN oa.last.stands
    WHEN o.makes_order AND {_FINAL_WITHOUT_APPEAL} < getvariable('release_date') THEN true
    WHEN NOT o.makes_order AND (oa.case_id IS NULL OR oa.last.stands) THEN false
    END AS final_order
"""

_APPLICATION_SQL = f"""
CASE WHEN ap.has_fear THEN true END AS fear_of_return,
CASE WHEN ap.asylum_is_pending AND cp.is_open THEN true
    WHEN ap.asylum_is_pending OR ap.asylum_is_unread THEN NULL
    WHEN ap.asylum_is_decided THEN false END AS asylum_application_pending,
{_past_sql("ap.asylum_filed_on", "asylum_filed_date")},
CASE WHEN ap.relief_is_pending AND cp.is_open THEN true
    WHEN ap.relief_is_pending OR ap.relief_is_unread THEN NULL
    WHEN ap.relief_is_decided THEN false END AS relief_application_pending
"""

# The courts' record of custody ends with the case: of a completed one nobody can tell where the
# person is now.
_CUSTODY_SQL = f"""
CASE WHEN cp.is_open AND cu.status = 'D' THEN true
    WHEN cp.is_open AND cu.status IN ('N', 'R') THEN false END AS detained,
{_past_sql("CASE WHEN cp.is_open AND cu.status = 'D' THEN cu.detained_on END", "detention_start")},
CASE WHEN cp.is_open AND cu.status = 'D' THEN c.DETENTION_LOCATION END AS detention_facility,
CASE WHEN cp.is_open AND cu.status = 'D' THEN hl.circuit END AS custody_circuit,
bo.bond_denied
"""
