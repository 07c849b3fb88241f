"""Every intake count equals a plain recount, by any mapping; each number leads to just its cases."""

from datetime import date

import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain import statistics
from domain.statistics import DEFAULT_MAPPING, Setup, Unit
from tests.recount_intake import IntakeRecount

PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
CASE = ["case", "client", "on", "first", "agency", "county"]
FACT = ["owner", "id", "field", "ordinal", "code", "on"]
CODES = {name: [*rows, "a choice of last year"] for name, rows in DEFAULT_MAPPING.items()}
DAYS = st.sampled_from([date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2025, 2, 28), date(2025, 3, 9)])
BIRTHS = st.one_of(st.none(), st.dates(date(1940, 1, 1), date(2024, 2, 28)), st.just(date(2012, 2, 29)))
GUESSES = st.sampled_from(["", "0", "6", "7", "12", "13", "17", "18", "19", "60"])


@st.composite
def intakes(draw):
    """Cases of some children, what is known about both, and how the center counts."""
    cases, facts = [], []
    for client in range(draw(st.integers(1, 8))):
        child = [("child_sex", 1), ("child_race_ethnicity", 3)]
        for name, most in child:
            for code in draw(st.lists(st.sampled_from(CODES[name]), max_size=most, unique=True)):
                facts.append(fact("client", client, name, code=code))
        born, guess = draw(BIRTHS), draw(GUESSES)
        if born:
            facts.append(fact("client", client, "child_dob", on=born))
        if guess and draw(st.booleans()):
            facts.append(fact("client", client, "child_age_years", code=guess))
        for number in range(draw(st.integers(1, 3))):
            case = 10 * client + number
            cases.append(
                {
                    "case": case,
                    "client": client,
                    "on": draw(DAYS),
                    "first": number == 0,
                    "agency": draw(st.sampled_from(["", "Sheriff", "Services"])),
                    "county": draw(st.sampled_from(["", "Wake", "Durham"])),
                }
            )
            facts += draw(of_case(case))
    return cases, facts, draw(setups())


@st.composite
def of_case(draw, case):
    facts = []
    for code in draw(st.lists(st.sampled_from(CODES["allegation_types"]), max_size=3, unique=True)):
        facts.append(fact("case", case, "allegation_types", code=code))
    if draw(st.booleans()):
        facts.append(fact("case", case, "ao_known", code="yes"))
    for place in range(draw(st.integers(0, 2))):
        facts.append(fact("case", case, "ao_access", place, code="unknown"))
        if draw(st.booleans()):
            code = draw(st.sampled_from(CODES["ao_relationship"]))
            facts.append(fact("case", case, "ao_relationship", place, code=code))
        born, guess = draw(BIRTHS), draw(GUESSES)
        if born or guess:
            facts.append(fact("case", case, "ao_dob_or_age", place, code="" if born else guess, on=born))
    return facts


@st.composite
def setups(draw):
    """The center's own mapping: some choices are counted in other rows, or as Unknown."""
    mapping = {name: dict(rows) for name, rows in DEFAULT_MAPPING.items()}
    for name in draw(st.lists(st.sampled_from(list(mapping)), max_size=4)):
        code = draw(st.sampled_from(list(mapping[name])))
        mapping[name][code] = draw(st.sampled_from(["Unknown", "Our own row", "Other"]))
    return Setup(unit=draw(st.sampled_from(Unit)), mapping=mapping)


def fact(owner, key, name, ordinal=0, code="", on=None):
    return {"owner": owner, "id": key, "field": name, "ordinal": ordinal, "code": code, "on": on}


def framed(cases, facts):
    """The rows as the typed tables that the store hands over."""
    table = pd.DataFrame(cases, columns=CASE).astype({"first": bool})
    table["on"] = pd.to_datetime(table["on"])
    said = pd.DataFrame(facts, columns=FACT).astype(
        {"owner": "str", "field": "str", "code": "str", "on": "datetime64[s]"}
    )
    return table, said.astype(dict.fromkeys(("owner", "field", "code"), "category"))


def test_every_intake_count_equals_a_plain_recount_and_leads_to_its_cases(rounds):
    @settings(max_examples=rounds(short=25, long=1000), deadline=None, suppress_health_check=SLOW, phases=PHASES)
    @given(intakes())
    def recounted(intake):
        cases, facts, setup = intake
        section = statistics.intake_counts(*framed(cases, facts), setup)
        told = statistics.told_of(*framed(cases, facts), setup)
        plain = IntakeRecount(cases, facts, setup.mapping, each_child_once=setup.unit is Unit.CHILD)

        assert {figure.code: figure.value for figure in section.figures} == plain.figures()
        counts = plain.counts()
        assert {sheet.code for sheet in section.sheets} == set(counts)
        assert [sheet.title for sheet in section.sheets][:-2] == sorted(sheet.title for sheet in section.sheets)[:-2]
        for sheet in section.sheets:
            rows = sheet.rows.set_index("label")["count"]
            assert {label: count for label, count in rows.items() if count} == dict(counts[sheet.code]), sheet.code
            assert sheet.code == "new_children" or "Unknown" in rows.index
            if sheet.code not in ("relationship", "offender_age"):
                most = rows.idxmax()
                assert len(statistics.cases_behind(told, sheet.code, most)) == rows[most], sheet.code
        listed = statistics.gaps(told)
        assert dict(zip(listed["case"], listed["missing"], strict=True)) == plain.gaps()

    recounted()
