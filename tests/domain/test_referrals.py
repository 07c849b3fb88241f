"""What an agency may learn of its referral, in words."""

import pytest

from domain.lifecycle import Status
from domain.referrals import AgencyWord, Urgency, agency_word


@pytest.mark.parametrize(
    ("status", "partner", "other"),
    [
        (Status.DRAFT, AgencyWord.DRAFT, AgencyWord.DRAFT),
        (Status.SUBMITTED, AgencyWord.SENT, AgencyWord.SENT),
        (Status.REJECTED, AgencyWord.RETURNED, AgencyWord.RETURNED),
        (Status.IMPORTED, AgencyWord.ACCEPTED, AgencyWord.RECEIVED),
        (Status.CLOSED, AgencyWord.NOT_ACCEPTED, AgencyWord.CLOSED),
        (Status.DELETED, AgencyWord.NOT_ACCEPTED, AgencyWord.CLOSED),
    ],
)
def test_partners_and_other_agencies_see_five_plain_words(
    status: Status, partner: AgencyWord, other: AgencyWord
) -> None:
    assert agency_word(status, team_partner=True) is partner

    assert agency_word(status, team_partner=False) is other


@pytest.mark.parametrize("result", list(Status))
def test_a_merged_referral_simply_stays_received_for_an_agency_outside_the_team(result: Status) -> None:
    assert agency_word(Status.MERGED, team_partner=False, result=result) is AgencyWord.RECEIVED


def test_a_partners_merged_referral_reads_like_one_that_was_never_merged() -> None:
    for result in (Status.SUBMITTED, Status.IMPORTED, Status.CLOSED):
        assert agency_word(Status.MERGED, team_partner=True, result=result) is agency_word(result, team_partner=True)


def test_every_word_and_its_next_step_are_there_in_english_and_spanish() -> None:
    for word in AgencyWord:
        assert word.label("en") != word.label("es")
        assert word.next("en").endswith(".")
        assert word.next("es").endswith(".")


def test_the_most_urgent_comes_first() -> None:
    ranks = [urgency.rank for urgency in (Urgency.EMERGENCY, Urgency.URGENT, Urgency.ROUTINE, Urgency.NOT_SAID)]

    assert ranks == sorted(ranks)
    assert [Urgency.of_rank(rank) for rank in ranks] == list(Urgency)
