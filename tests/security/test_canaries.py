"""A value of its own in every field of every record: nobody's screens, words or exports hold one that is not theirs."""

from re import sub

import pytest

from actions.agency import referrals as own
from actions.center import audit_trail, merges, referrals
from actions.center.audit_trail import Wanted
from actions.work import ACTIONS
from domain import fields
from domain.fields import Kind, ReferralType
from domain.permissions import GRANTS
from domain.refusals import Refused
from tests.security.samples import call
from tests.security.test_matrix import action

PLAIN = (Kind.TEXT_SHORT, Kind.TEXT_LONG, Kind.NAME, Kind.IDENTIFIER)


def canaries(bird):
    """Answers with a value in every plain field that says whose it is and where it stood."""
    given = {}
    for field in fields.referral(ReferralType.COMBINED):
        if field.kind in PLAIN and not field.group:
            words = f"{bird}{field.name.replace('_', '')}"
            given[field.name] = [words] if field.many else words
    return given


@pytest.fixture
def two(sent_referral, olga, peter):
    """Olga's and Peter's referrals of the same child, each with its own canaries."""
    return (
        sent_referral(olga, ReferralType.COMBINED, **canaries("Robin")),
        sent_referral(peter, ReferralType.COMBINED, **canaries("Finch")),
    )


def said_to(member, as_, records):
    """Everything that actions give this person about these records, as one text, refusals included."""
    said = []
    for name in ACTIONS:
        for record in records:
            try:
                with as_(member) as work:
                    said.append(repr(call(action(name), work, record)))
                    raise StopIteration
            except (Refused, StopIteration) as word:
                said.append(str(word))
            except Exception as error:  # noqa: BLE001  (what sample values break is not asked here; what it says is)
                said.append(repr(error))
    return "\n".join(said)


def test_no_action_tells_an_agency_a_word_of_anothers_referral(two, as_, olga, lena, peter):
    for member, foreign in ((olga, "Finch"), (lena, "Finch"), (peter, "Robin")):
        said = said_to(member, as_, two)
        assert foreign not in said, member.name
    assert "Robin" in said_to(olga, as_, two), "the control: her own words are there for her"


def test_no_action_tells_an_administrator_a_childs_word(two, as_, ada):
    said = said_to(ada, as_, two)

    assert "Robin" not in said
    assert "Finch" not in said


def test_after_a_merge_an_agency_sees_its_own_part_and_no_merge(two, as_, olga, peter, irene):
    with as_(irene) as work:
        view = merges.propose(work, two)
        versions = {source.id: source.version for source in view.sources}
        merges.merge(work, versions, {}, "The same child.", "a-key-of-this-test")

    for member, mine, foreign in ((olga, two[0], "Finch"), (peter, two[1], "Robin")):
        with as_(member) as work:
            seen = repr(own.read_own(work, mine)) + repr(own.mine(work)) + repr(own.receipt(work, mine))
        assert foreign not in seen
        assert "merge" not in seen.casefold()


def test_the_trail_and_its_export_hold_no_canary(two, as_, sam, irene):
    with as_(irene) as work:
        referrals.read(work, two[0])
        referrals.add_note(work, two[0], "Robinnote about the child")

    with as_(sam) as work:
        trail = audit_trail.export(work, Wanted()).decode()

    assert "Robin" not in trail
    assert "Finch" not in trail


def test_known_and_unknown_children_answer_an_agency_alike(sent_referral, as_, olga, peter, irene):
    """28 CFR 94.115: whether a child was known is not told."""
    sent_referral(peter, child_first_name="Robin", child_last_name="Known")
    answers = []
    for first, last in (("Robin", "Known"), ("Wholly", "Unheardof")):
        referral_id = sent_referral(olga, child_first_name=first, child_last_name=last)
        with as_(olga) as work:
            told = repr((own.read_own(work, referral_id), own.receipt(work, referral_id)))
        for word in (first, last, first[0] + last[0], f"{first[0]}. {last[0]}.", f"{first[0]}.{last[0]}."):
            told = told.replace(word, "*")
        answers.append(told)

    alike = [sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|R-\d\d-\d{4}|datetime\([^)]*\)|\d+", "#", one) for one in answers]
    assert alike[0] == alike[1]


def test_every_permission_is_granted_to_somebody():
    assert all(GRANTS.values())
