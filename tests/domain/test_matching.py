"""What must hold of the match whatever is asked: folding, weights, competition, words."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import matching
from domain.matching import (
    SHIPPED,
    Compared,
    Level,
    Packed,
    Part,
    Person,
    Scale,
    Store,
    Vocabulary,
    folding,
    keys_of,
    learning,
    pack,
    person_from,
    scale_of,
)
from domain.matching.comparing import Question, dob_level
from domain.matching.competing import Bits, basis, calibrated, chances, net_bits, uncalibrated
from domain.matching.levels import Basis
from domain.matching.likeness import all_alike, likeness
from domain.matching.weights import CALIBRATION, CARELESS, HOMES_ARE_COMMON, LIKELY, POSSIBLE, VERY_LIKELY, WEIGHTS

FIRST = ["Maria", "María José", "Marai", "Jon", "Jonathan", "Jaden", "Jayden", "Bill", "William", "J", "Xiomara", ""]
LAST = ["Garcia", "García López", "Garcia-Lopez", "Lopez", "De la Cruz", "Delacruz", "O'Brien", "O Brien", "Smyth", ""]
DATES = ["2015-03-07", "2015-07-03", "2015-03-17", "2014-03-07", "2015-01-01", "2015", "2015-03", "1984-11-30", ""]
PEOPLE = st.builds(
    Person,
    first_name=st.sampled_from(FIRST),
    middle_name=st.sampled_from(["", "Ann", "A", "Jonathan", "Lopez"]),
    last_name=st.sampled_from(LAST),
    aliases=st.sampled_from([(), ("Chuy",), ("Maria Lopez",)]),
    suffix=st.sampled_from(["", "Jr", "III"]),
    dob=st.sampled_from(DATES),
    sex=st.sampled_from(["", "F", "M"]),
    address=st.sampled_from(["", "12 N Main St", "12 Main Street Apt 4", "14 Main St", "900 Oak Ave"]),
    city=st.sampled_from(["", "Springfield", "Decatur"]),
    zip=st.sampled_from(["", "62701", "62702", "99801"]),
    phones=st.sampled_from([(), ("217-555-0143",), ("217-555-0144",), ("505-222-9876",)]),
    caregivers=st.sampled_from([(), ("Rosa Lopez",), ("Rosa Diaz",), ("Tom Brown",)]),
)
ANYTHING = st.builds(
    Person,
    **{name: st.text(max_size=60) for name in ("first_name", "last_name", "middle_name", "suffix", "dob", "sex")},
    **{name: st.text(max_size=60) for name in ("address", "city", "state", "zip", "school")},
    aliases=st.lists(st.text(max_size=30), max_size=3).map(tuple),
    phones=st.lists(st.text(max_size=30), max_size=3).map(tuple),
    caregivers=st.lists(st.text(max_size=30), max_size=3).map(tuple),
)


def a_town() -> Vocabulary:
    words = Vocabulary()
    rows: list[tuple[str, str, int]] = [(Part.PEOPLE, "client", 2000)]
    for name in FIRST:
        rows += [(Part.GIVEN, word, 20) for word in folding.given(name)]
    for name in LAST:
        rows += [(Part.SURNAME, word, 20) for word in folding.surname(name).tokens]
    words.learn_all([*rows, (Part.YEAR, "2015", 120), (Part.YEAR, "2014", 110)])
    return words


TOWN = a_town()
ANYBODY = UUID(int=1)


def bits(asked: Person, on_file: Person, scale: Scale = SHIPPED) -> Bits:
    question = Question(pack(asked), TOWN, TOWN.people, None, scale)
    weighed = question.weigh(list(pack(on_file)))
    return Bits(weighed.same, weighed.home)


def net(asked: Person, on_file: Person, scale: Scale = SHIPPED) -> float:
    return net_bits(bits(asked, on_file, scale), 1.0, TOWN.people)


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    """Weights that ship, and whatever records might teach, drawn into order as learning does."""
    times = st.floats(1 / learning.MOST_CHANGE, learning.MOST_CHANGE)
    learnt = {
        field: learning.in_order(
            field, {level: min(WEIGHTS[field][level].same * draw(times), 0.99) for level in levels}
        )
        for field, levels in sorted(learning.LEARNT.items())
        if draw(st.booleans())
    }
    return scale_of({field.value: {level.name: same for level, same in own.items()} for field, own in learnt.items()})


def ranked(asked: Person, *on_file: Person) -> list[matching.Answer]:
    people = [pack(person).line() for person in on_file]
    return matching.rank(pack(asked), people, Store(TOWN, TOWN.people, 1.0), limit=10)


@settings(deadline=None)
@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    once = folding.fold(text)

    assert folding.fold(once) == once


@settings(max_examples=200, deadline=None)
@given(ANYTHING, ANYTHING)
def test_any_text_is_compared_without_an_error(asked: Person, on_file: Person) -> None:
    ranked(asked, on_file)

    assert all(-(2**63) <= key < 2**63 for key in keys_of("client", pack(on_file)))
    assert len(pack(on_file).line().split("\t")) == len(Packed())


NAMELIKE = st.text(st.sampled_from("anrs"), max_size=8) | st.sampled_from("smith smyth smithe bill william".split())


@given(NAMELIKE, st.lists(NAMELIKE, unique=True, max_size=40))
def test_many_words_at_once_are_as_like_a_word_as_each_by_itself(word: str, others: list[str]) -> None:
    one_by_one = {other: level for other in others if (level := likeness(word, other)) not in (None, Level.INITIAL)}
    sounding = {other for other in others if folding.sound(other) == folding.sound(word)}

    assert all_alike(word, others, sounding) == one_by_one


@settings(max_examples=400, deadline=None)
@given(PEOPLE, PEOPLE, scales())
def test_the_weight_of_a_pair_is_the_same_either_way(one: Person, other: Person, scale: Scale) -> None:
    there, back = bits(one, other, scale), bits(other, one, scale)

    assert there == pytest.approx(back, abs=1e-6)


@settings(max_examples=400, deadline=None)
@given(PEOPLE, PEOPLE, st.sampled_from(["dob", "sex", "phones", "caregivers", "address", "suffix"]), scales())
def test_more_agreement_never_lowers_the_weight(asked: Person, on_file: Person, field: str, scale: Scale) -> None:
    if not getattr(asked, field) or not getattr(on_file, field):
        return
    agreeing = Person(**{**vars(asked), field: getattr(on_file, field)})

    assert net(agreeing, on_file, scale) >= net(asked, on_file, scale) - 1e-6


@settings(max_examples=200, deadline=None)
@given(PEOPLE, PEOPLE, scales())
def test_the_same_names_weigh_more_than_any_other_names(asked: Person, on_file: Person, scale: Scale) -> None:
    # A full name that is also on file as an alias may say more than an initial that agrees.
    on_file = replace(on_file, aliases=())
    names = {name: getattr(on_file, name) for name in ("first_name", "middle_name", "last_name")}
    if not (asked.first_name and asked.last_name and on_file.first_name and on_file.last_name):
        return

    assert net(Person(**{**vars(asked), **names}), on_file, scale) >= net(asked, on_file, scale) - 1e-6


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phones", ("999-888-7777",)),
        ("address", "77 Elsewhere Rd"),
        ("zip", "10001"),
        ("caregivers", ("Nobody Known",)),
        ("middle_name", "Zebediah"),
        ("sex", "M"),
        ("suffix", "III"),
        ("school", "Other School"),
    ],
)
def test_one_more_field_that_differs_never_hides_a_match(field: str, value: Any) -> None:
    on_file = Person("Xiomara", "Ann", "García López", "Jr", (), "2015-03-07", "F", "12 Main St", "Springfield",
                     "IL", "62701", ("217-555-0143",), (), ("Rosa Lopez",), school="North School")  # fmt: skip
    known = {"first_name": "Xiomara", "last_name": "García López", "dob": "2015-03-07"}

    answers = ranked(Person(**{**known, field: value}), on_file)

    assert answers and answers[0].probability > 0.5 > POSSIBLE


@settings(max_examples=400, deadline=None)
@given(
    PEOPLE,
    PEOPLE,
    st.sampled_from([
        "first_name", "middle_name", "last_name", "suffix", "dob", "sex", "address", "city", "zip", "phones",
        "caregivers", "child_numbers", "emails", "school",
    ]),
    st.booleans(),
)  # fmt: skip
def test_adding_a_missing_field_never_turns_a_match_into_a_certain_stranger(
    on_file: Person, other: Person, field: str, asked_again: bool
) -> None:
    on_file = replace(on_file, child_numbers=("CH-1234",), emails=("rosa@example.org",), school="North School")
    other = replace(other, child_numbers=("CH-9876",), emails=("tom@example.org",), school="South School")
    asked = replace(on_file, **{field: getattr(Person(), field)})
    before = ranked(asked, on_file)
    if not before or before[0].probability < LIKELY or not getattr(other, field):
        return

    told = {field: getattr(other, field)}
    after = ranked(replace(asked, **told), on_file) if asked_again else ranked(asked, replace(on_file, **told))

    assert after and after[0].probability >= POSSIBLE


def test_a_missing_value_says_nothing() -> None:
    asked = Person(first_name="Maria", last_name="Garcia")

    weighed = Question(pack(asked), TOWN, 2000).weigh(list(pack(Person("Maria", "", "Garcia", dob="2015-03-07"))))

    assert {finding.field for finding in weighed.findings} == {Compared.GIVEN, Compared.SURNAME}


@pytest.mark.parametrize(
    "name", ["Baby Boy", "Unknown", "Infant", "N/A", "Not known", "Bebé", "Newborn", "XXX", "Twin A"]
)
def test_placeholders_are_no_first_name(name: str) -> None:
    assert folding.given(name) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [("De La Cruz", "Delacruz"), ("O'Brien", "O Brien"), ("O’Brien", "OBrien"), ("Smith-Jones", "Smith Jones"),
     ("Núñez", "NUNEZ"), ("Nu\u0301n\u0303ez".replace("u\u0301", "u"), "Nuñez"), ("St. John", "ST JOHN")],
)  # fmt: skip
def test_spellings_of_one_surname_meet(one: str, other: str) -> None:
    first, second = folding.surname(one), folding.surname(other)

    assert first.joined == second.joined or set(first.tokens) & set(second.tokens)


@pytest.mark.parametrize(
    ("written", "folded"),
    [("2015-03-07", "20150307"), ("20150307", "20150307"), ("2015-03", "20150300"), ("2015", "20150000"),
     ("3/7/2015", "20150307"), ("17/3/2015", "20150317"), ("7.3.2015", "20150307"), ("2015/3/7", "20150307"),
     ("2015-03-07 00:00:00", "20150307"), ("20150307.0", "20150307"), ("1900-01-01", ""), ("unknown", ""), ("", ""),
     ("20159231", "20159231"), ("2015-00-00", "20150000")],
)  # fmt: skip
def test_dates_are_read_in_many_forms(written: str, folded: str) -> None:
    assert folding.birth_date(written) == folded


@pytest.mark.parametrize(
    ("written", "folded"),
    [("2o15-03-07", "20150307"), ("2015--03-07", "20150307"), ("20l5-O3-O7", "20150307"), ("215-03-07", "00000307"),
     ("19984-03-07", "00000307"), ("03/07/215", "00000307"), ("2015-033-07", "20150000"), ("2015-03-077", "20150300"),
     ("215-0333-07", ""), ("2x-y-z", ""), ("0000-03-07", "00000307"), ("0000-01-01", ""), ("0000-00-00", "")],
)  # fmt: skip
def test_of_a_damaged_date_is_kept_what_can_be_read(written: str, folded: str) -> None:
    assert folding.birth_date(written) == folded
    assert folding.birth_date(folded) == folded


@pytest.mark.parametrize(
    ("theirs", "level"),
    [("2015-03-07", Level.MONTH_KNOWN), ("2015-03-08", Level.ONE_DIGIT), ("1984-11-30", Level.DIFFERENT),
     ("2015", None)],
)  # fmt: skip
def test_a_date_whose_year_cannot_be_read_still_tells_the_day(theirs: str, level: Level | None) -> None:
    weighed = Question(pack(Person(dob="215-03-07")), TOWN, 2000).weigh(list(pack(Person(dob=theirs))))

    assert [finding.level for finding in weighed.findings] == ([level] if level else [])


@pytest.mark.parametrize(
    ("read", "meant"), [("8rown", "Brown"), ("Mi11er", "Miller"), ("J0hns0n", "Johnson"), ("Sm1th 2nd", "Smlth II")]
)
def test_digits_in_a_name_are_the_letters_that_a_scanner_took_them_for(read: str, meant: str) -> None:
    assert folding.surname(read) == folding.surname(meant)


def test_a_year_off_by_one_is_no_other_person() -> None:
    asked = Person("Xiomara", "", "García López", dob="2015", address="12 Main St", zip="62701")

    answers = ranked(asked, replace(asked, dob="2014"), Person("Xiomara", "", "Lopez", dob="2015", zip="99801"))

    assert answers[0].place == 0


def test_the_same_street_of_another_town_says_nothing_for_the_child() -> None:
    asked = Person(address="1328 Cedar Ave", zip="90752")

    weighed = Question(pack(asked), TOWN, 2000).weigh(list(pack(Person(address="659 Cedar Way", zip="95454"))))

    assert weighed.same < 0


@pytest.mark.parametrize(
    ("ours", "theirs", "level"),
    [("20150307", "20150307", Level.SAME), ("20150307", "20150703", Level.DAY_AND_MONTH),
     ("20150307", "20150308", Level.ONE_DIGIT), ("20150312", "20150321", Level.DIGITS),
     ("20150307", "20140307", Level.NEXT_YEAR), ("20150307", "20080307", Level.OTHER_YEAR),
     ("20150307", "20150000", Level.YEAR), ("20150307", "20150300", Level.MONTH_KNOWN),
     ("20150307", "20150101", Level.FIRST_OF_JANUARY), ("20150307", "19841130", Level.GENERATION)],
)  # fmt: skip
def test_slips_in_dates_have_levels_of_their_own(ours: str, theirs: str, level: Level) -> None:
    assert dob_level(ours, theirs, TOWN)[0] is level


@pytest.mark.parametrize(
    ("one", "other"),
    [("12 N Main St Apt 4", "12 Main Street"), ("12 main st.", "12 MAIN STREET #4"), ("PO Box 77", "P.O. Box 77"),
     ("Calle Roble 9", "9 Calle Roble")],
)  # fmt: skip
def test_an_address_may_be_written_in_many_ways(one: str, other: str) -> None:
    assert folding.address(one) == folding.address(other)


def test_a_common_name_weighs_less_than_a_rare_one() -> None:
    words = a_town()
    words.learn(Part.SURNAME, "smith", 300)

    assert words.surname_share("smith") > 10 * words.surname_share("quezada")


def test_a_twin_is_never_called_very_likely() -> None:
    home = {"last_name": "Garcia", "dob": "2015-03-07", "address": "12 Main St", "zip": "62701", "sex": "F",
            "phones": ("217-555-0143",), "caregivers": ("Rosa Lopez",)}  # fmt: skip

    (answer,) = ranked(Person(first_name="Xiomara", **home), Person(first_name="Maria", **home))

    assert answer.probability < 0.5
    assert matching.explain(Person(), answer, matching.RecordKind.CLIENT, _ID, Person()).verdict.startswith(
        "Could be a twin"
    )


_ID = __import__("uuid").UUID(int=1)


def test_two_records_of_one_child_do_not_take_each_others_odds() -> None:
    sure, unsure, whole = Bits(40.0, 5.0), Bits(39.0, 5.0), Basis.WHOLE

    together = chances([sure, unsure], [0, 0], 1.0, 2000, [whole, whole])
    apart = chances([sure, unsure], [0, 1], 1.0, 2000, [whole, whole])

    assert together[0].same > 0.99 and together[1].same > 0.99
    assert apart[0].same < together[0].same - 0.05


def test_the_second_slip_of_a_record_speaks_less_against_the_child_than_the_first() -> None:
    asked = Person("Xiomara", "", "Quezada", dob="2015-03-07")
    whole, misnamed = bits(asked, asked).same, bits(asked, replace(asked, first_name="Zebediah")).same
    misdated = bits(asked, replace(asked, dob="2001-11-28")).same

    both = bits(asked, replace(asked, first_name="Zebediah", dob="2001-11-28")).same

    assert whole > misnamed > both and whole > misdated > both
    assert whole - both < (whole - misnamed) + (whole - misdated) - 0.5


HOME = Packed(first="maria", last="garcia|garcia", dob="20150307", address="12|main", zip="62701", phone="2175550143")
SISTER = HOME._replace(first="xiomara", dob="20120101")


@pytest.mark.parametrize(
    ("other", "together"),
    [
        (SISTER, True),
        (SISTER._replace(address=""), True),
        (SISTER._replace(dob="20120000"), True),
        (SISTER._replace(first="marai"), False),
        (SISTER._replace(first="garcia", last="maria|maria"), False),
        (SISTER._replace(first=""), False),
        (SISTER._replace(phone="", zip="99801"), False),
        (SISTER._replace(phone="", address=""), False),
        (SISTER._replace(dob=""), False),
        (SISTER._replace(dob=HOME.dob), False),
        (SISTER._replace(dob="20140307"), False),
    ],
)
def test_children_of_one_home_are_told_from_one_child_twice_on_file(other: Packed, together: bool) -> None:
    assert matching.home_mates(HOME, other) is together


@given(st.sampled_from(Basis), st.floats(0, 1), st.floats(0, 1))
def test_what_is_more_probable_is_stated_as_more_probable(of: Basis, one: float, other: float) -> None:
    low, high = sorted((one, other))

    assert 0.0 <= calibrated(low, of) <= calibrated(high, of) <= 1.0


@given(st.sampled_from(Basis), st.floats(1e-4, 1 - 1e-4))
def test_what_was_worked_out_can_be_told_from_what_is_stated(of: Basis, worked_out: float) -> None:
    assert uncalibrated(calibrated(worked_out, of), of) == pytest.approx(worked_out, rel=1e-6)


NAMED = {Compared.GIVEN: Level.SAME, Compared.SURNAME: Level.SLIP, Compared.DOB: Level.SAME}


@pytest.mark.parametrize(
    ("more", "whole", "gaps"),
    [
        ({Compared.SEX: Level.SAME}, Basis.NAMED, Basis.LITTLE),
        ({Compared.ADDRESS: Level.NEAR}, Basis.WHOLE, Basis.GAPS),
        ({Compared.ADDRESS: Level.DIFFERENT, Compared.PHONE: Level.SAME}, Basis.WHOLE, Basis.GAPS),
        ({Compared.ADDRESS: Level.HOUSE_DIFFERS, Compared.ZIP: Level.SAME}, Basis.MOVED, Basis.SPARSE),
        ({Compared.CITY: Level.SAME}, Basis.MOVED, Basis.SPARSE),
        ({Compared.CAREGIVER: Level.DIFFERENT}, Basis.MOVED, Basis.SPARSE),
    ],
)
def test_how_far_a_probability_is_believed_depends_on_what_was_compared(
    more: dict[Compared, Level], whole: Basis, gaps: Basis
) -> None:
    assert basis(NAMED | more, 1.0) is whole
    assert all(basis({k: v for k, v in (NAMED | more).items() if k is not gap}, 1.0) is gaps for gap in NAMED)


@pytest.mark.parametrize("level", [Level.NEAR, Level.DIFFERENT, Level.GENERATION])
def test_a_name_with_another_birth_date_and_nothing_of_the_home_is_believed_as_a_namesake_is(level: Level) -> None:
    assert basis(NAMED | {Compared.DOB: level}, 1.0) is Basis.NAMESAKE
    assert basis(NAMED | {Compared.DOB: level, Compared.ADDRESS: Level.NEAR}, 1.0) is Basis.WHOLE
    assert basis(NAMED | {Compared.DOB: Level.ONE_DIGIT}, 1.0) is Basis.NAMED


@pytest.mark.parametrize(
    "another",
    [
        {Compared.GIVEN: Level.DIFFERENT, Compared.SURNAME: Level.SAME, Compared.DOB: Level.SAME},
        {Compared.GIVEN: Level.SAME, Compared.DOB: Level.GENERATION},
    ],
)
def test_another_first_name_at_the_same_address_is_believed_as_somebody_of_the_home_is(
    another: dict[Compared, Level],
) -> None:
    assert basis(another | {Compared.ADDRESS: Level.SAME}, 1.0) is Basis.HOME
    assert basis(another | {Compared.PHONE: Level.SAME}, HOMES_ARE_COMMON) is Basis.HOME
    assert basis(another | {Compared.PHONE: Level.SAME}, 0.01) is Basis.LONE
    assert basis(another | {Compared.ADDRESS: Level.NEAR}, 1.0) in (Basis.WHOLE, Basis.GAPS)


def test_every_basis_of_a_comparison_has_its_curve_with_its_source() -> None:
    assert set(CALIBRATION) == set(Basis)
    assert all(curve.slope > 0 and curve.source for curve in CALIBRATION.values())


def test_a_careless_hand_is_weighed_for_levels_of_the_table_only_with_the_source_of_each() -> None:
    assert all(set(levels) <= set(WEIGHTS[field]) for field, levels in CARELESS.items())
    assert all(each.source and 0 < each.same < 1 for levels in CARELESS.values() for each in levels.values())


def test_every_level_that_is_weighed_is_in_the_table_with_its_source() -> None:
    assert set(WEIGHTS) == set(Compared)
    assert all(weight.source and 0 < weight.same <= 1 for levels in WEIGHTS.values() for weight in levels.values())


def test_the_child_is_read_from_the_answers_of_a_referral() -> None:
    person = person_from(
        {
            "child_first_name": "Ana",
            "child_last_name": {"tick": "not_known"},
            "child_dob": "2015-03-07",
            "child_phone": ["217 555 0143"],
            "caregivers": [{"row": "0000000a", "cg_first_name": "Rosa", "cg_phone": "217 555 0199"}],
            "le_case_number": ["26-123"],
            "address_confidential": "yes",
        }
    )

    assert person.first_name == "Ana" and person.last_name == ""
    assert person.phones == ("217 555 0143", "217 555 0199")
    assert person.caregivers == ("Rosa",) and person.case_numbers == ("26-123",) and person.address_hidden


def test_a_confidential_address_is_covered_in_the_reasons() -> None:
    on_file = Person("Ana", "", "Garcia", dob="2015-03-07", address="12 Main St", zip="62701", address_hidden=True)
    asked = Person("Ana", "", "Garcia", dob="2015-03-07", address="14 Main St", zip="62701")

    (answer,) = ranked(asked, on_file)
    reasons = matching.explain(asked, answer, matching.RecordKind.CLIENT, ANYBODY, on_file).reasons

    assert not any("12 Main" in reason.words + reason.theirs for reason in reasons)


@given(ANYTHING)
def test_a_person_is_read_as_written(person: Person) -> None:
    assert matching.from_written(person.written()) == person


def test_a_person_written_by_an_earlier_release_is_read() -> None:
    text = '{"first_name": "Ana", "phones": ["217 555 0143"], "address_hidden": true}'

    assert matching.from_written(text) == Person("Ana", phones=("217 555 0143",), address_hidden=True)


STORE = Store(TOWN, TOWN.people, 1.0)
A_NAME = Person("Xiomara", "Itzel", "Quezada Luna", sex="F", city="Springfield", zip="62701")


@pytest.mark.parametrize("people", [1, 5, 2000, 1_000_000])
def test_a_name_alone_is_never_very_likely_however_few_are_on_file(people: int) -> None:
    words = Vocabulary()
    words.learn_all([(Part.PEOPLE, "client", people)])

    (answer,) = matching.rank(pack(A_NAME), [pack(A_NAME).line()], Store(words, people, 1.0), limit=10)
    verdict = matching.explain(A_NAME, answer, matching.RecordKind.CLIENT, ANYBODY, A_NAME).verdict

    assert LIKELY <= answer.probability < VERY_LIKELY
    assert verdict.startswith("Likely the same child") and verdict.endswith("a name alone is not enough to be sure.")


@pytest.mark.parametrize(
    "more",
    [
        {"dob": "2015"},
        {"address": "12 Main St"},
        {"phones": ("217-555-0143",)},
        {"caregivers": ("Rosa Lopez",)},
        {"child_numbers": ("26-1",)},
    ],
    ids=str,
)
def test_with_a_rare_name_and_one_thing_more_it_may_be(more: dict[str, Any]) -> None:
    person = replace(A_NAME, **more)

    (answer,) = ranked(person, person)
    verdict = matching.explain(person, answer, matching.RecordKind.CLIENT, ANYBODY, person).verdict

    assert answer.probability >= VERY_LIKELY
    assert "a name alone" not in verdict


def test_what_would_settle_it_is_asked_for() -> None:
    on_file = Person("Xiomara", "", "Garcia", dob="2015-03-07", phones=("217-555-0143",))
    asked = Person("Xiomara", "", "Garcia")
    (answer,) = ranked(asked, on_file)

    said = matching.Settling(asked, STORE).would_settle(on_file, answer.probability)

    assert said.startswith("Ask for the birth date: with the same one this would be very likely, with another one")


def test_nothing_is_asked_for_where_both_sides_have_answered_or_neither_has() -> None:
    whole = Person("Xiomara", "", "Garcia", dob="2015-03-07")

    assert matching.Settling(whole, STORE).would_settle(whole, 0.7) == ""
    assert matching.Settling(Person(last_name="Garcia"), STORE).would_settle(Person(last_name="Garcia"), 0.1) == ""


def test_a_confidential_address_is_not_asked_for() -> None:
    on_file = Person("Xiomara", "", "Garcia", address="12 Main St", address_hidden=True)

    assert "address" not in matching.Settling(Person("Xiomara", "", "Garcia"), STORE).would_settle(on_file, 0.6)


@settings(max_examples=100, deadline=None)
@given(ANYTHING, ANYTHING, st.floats(0, 1))
def test_what_would_settle_it_is_said_of_anybody(asked: Person, on_file: Person, probability: float) -> None:
    said = matching.Settling(asked, STORE).would_settle(on_file, probability)

    assert said == "" or said.endswith(".")
