"""Legal holds: placed, lifted, shown; and whatever they cover is kept, on every path and at every moment."""

import threading
from datetime import date

import pytest

from actions.agency import referrals as agency_referrals
from actions.center import clients, holds, retention
from actions.work import system_work
from db.tables.people import User
from db.tables.referrals import Referral
from domain.fields import ReferralType
from domain.refusals import NotFound, NotPermitted, Refused, TooLate
from domain.retention import HeldScope, ItemKind
from tests.cast import act
from tests.conftest import on_sqlite
from tests.keeping import asked, binned, due_counts, held, imported_and_undone, later, number_of, proven, purged


def standing(member, as_):
    with as_(member) as work:
        return holds.standing(work)


def test_a_hold_is_placed_with_a_reason_and_shown_on_the_record(sent_referral, olga, irene, sam, as_):
    referral_id, other = sent_referral(olga), sent_referral(olga)
    number = number_of(irene, referral_id)
    hold_id = held(sam, number.lower().replace("-", " - "))

    with as_(irene) as work:
        (line,) = holds.on_record(work, "referral", referral_id)
        assert holds.on_record(work, "referral", other) == ()
    assert (line.id, line.on, line.placed_by) == (hold_id, number, "Sam Okafor")
    assert line.reason == "Order of the district court."
    assert standing(sam, as_) == (line,)


def test_a_supervisor_lifts_a_hold_with_a_reason(sent_referral, olga, irene, sam, as_):
    hold_id = held(sam, number_of(irene, sent_referral(olga)))
    with pytest.raises(Refused, match="Write why"), as_(sam) as work:
        holds.lift(work, hold_id, " ")
    with as_(sam) as work:
        assert holds.lift(work, hold_id, "The court released it.")

    assert standing(sam, as_) == ()
    with pytest.raises(TooLate, match="Sam Okafor lifted this hold already"), as_(sam) as work:
        holds.lift(work, hold_id, "Again.")


def test_what_an_administrator_lifts_another_confirms(sent_referral, olga, irene, sam, ada, as_):
    hold_id = held(ada, number_of(irene, sent_referral(olga)))
    with as_(ada) as work:
        assert not holds.lift(work, hold_id, "The court released it.")
    with pytest.raises(Refused, match="Somebody else must agree"), as_(ada) as work:
        holds.lift(work, hold_id, "The court released it.")
    (line,) = standing(ada, as_)
    assert line.lift_asked_by == "Ada Lund"

    with as_(sam) as work:
        assert holds.lift(work, hold_id, "Seen.")
    assert standing(ada, as_) == ()


def test_an_administrator_alone_waits_72_hours_to_lift(sent_referral, olga, irene, sam, ada, as_):
    hold_id = held(ada, number_of(irene, sent_referral(olga)))
    with system_work("the tests") as work:
        work.session.get_one(User, sam.user_id).active = False
        work.record("user.deactivated")
    with as_(ada) as work:
        holds.lift(work, hold_id, "The court released it.")
    with pytest.raises(Refused, match="waits 72 hours"), as_(ada) as work:
        holds.lift(work, hold_id, "The court released it.")
    with later(hours=73), as_(ada) as work:
        assert holds.lift(work, hold_id, "The court released it.")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"scope": HeldScope.REFERRAL, "number": "R-99-9999"}, "no referral of this number"),
        ({"scope": HeldScope.REFERRAL, "number": ""}, "no referral of this number"),
        ({"scope": HeldScope.CLIENT, "number": "'; DROP TABLE client; --"}, "no client of this number"),
        ({"scope": HeldScope.AGENCY}, "no such agency"),
        (
            {"scope": HeldScope.EVERYTHING, "since": date(2026, 2, 1), "until": date(2026, 1, 1)},
            "last day lies before",
        ),
        ({"scope": HeldScope.REFERRAL, "number": "R-26-0001", "since": date(2026, 2, 1)}, "has no days"),
    ],
)
@on_sqlite
def test_a_hold_on_nothing_is_refused(sam, as_, given, sentence):
    scope = given.pop("scope")
    with pytest.raises(Refused, match=sentence), as_(sam) as work:
        holds.place(work, scope, "Order of the district court.", **given)


def test_the_same_hold_twice_says_who_placed_it(sent_referral, olga, irene, sam, ada):
    number = number_of(irene, sent_referral(olga))
    held(sam, number)

    with pytest.raises(TooLate, match="Sam Okafor placed this hold already"):
        held(ada, number)


def test_only_supervisors_and_administrators_place_and_lift(cast, as_):
    for member in (cast.irene, cast.olga):
        with pytest.raises(NotPermitted), as_(member) as work:
            holds.place(work, HeldScope.EVERYTHING, "Because.")
        with pytest.raises(NotPermitted), as_(member) as work:
            holds.lift(work, cast.olga.user_id, "Because.")
    with pytest.raises(NotFound), as_(cast.sam) as work:
        holds.lift(work, cast.olga.user_id, "Because.")
    held(cast.sam, "", HeldScope.EVERYTHING)
    with pytest.raises(NotFound), as_(cast.irene) as work:
        holds.on_record(work, "referral", cast.olga.user_id)
    with pytest.raises(NotFound), as_(cast.irene) as work:
        holds.on_record(work, "client", cast.olga.user_id)


def test_a_purged_referral_can_no_longer_be_held(sent_referral, olga, irene, sam, ada):
    referral_id = sent_referral(olga)
    number = number_of(irene, referral_id)
    binned(irene, referral_id)
    with later(days=31):
        paper = purged(ada, sam)
        with pytest.raises(TooLate, match=f"was purged at .*certificate {paper.number}"):
            held(sam, number)


def test_a_held_draft_is_not_discarded_by_its_agency(store, cast, as_):
    with as_(cast.olga) as work:
        draft = agency_referrals.start(work, ReferralType.LE)
    held(cast.sam, "", HeldScope.AGENCY, agency_id=cast.sheriff_id)

    with pytest.raises(Refused, match="being kept for the center's records"), as_(cast.olga) as work:
        agency_referrals.discard(work, draft.id)
    with later(days=100):
        assert due_counts(cast.ada)[ItemKind.DRAFT] == 0
    with store.reading() as session:
        assert session.get(Referral, draft.id) is not None


def test_a_hold_on_a_client_keeps_every_referral_about_the_child(cast, sent_referral, as_):
    mistaken = sent_referral(cast.olga)
    client_id = imported_and_undone(cast.irene, cast.sam, mistaken)
    with as_(cast.irene) as work:
        number = clients.read(work, client_id).number
    binned(cast.irene, mistaken)
    held(cast.sam, number, HeldScope.CLIENT)

    with later(days=31):
        assert due_counts(cast.ada)[ItemKind.REFERRAL] == 0
    with as_(cast.irene) as work:
        assert holds.on_record(work, "client", client_id)


def test_a_hold_and_a_purge_at_the_same_moment_never_both_win(store, cast, sent_referral, rounds):
    """Whoever comes first: the referral is held and whole, or purged and the hold is told so."""
    outcomes = set()
    for _ in range(rounds(short=4, long=100)):
        referral_id = sent_referral(cast.olga)
        number = number_of(cast.irene, referral_id)
        binned(cast.irene, referral_id)
        with later(days=31):
            purge_id = asked(cast.ada)
            proven(cast.sam)
            said = _at_once(
                lambda number=number: held(cast.sam, number),
                lambda purge_id=purge_id: _approve(cast.sam, purge_id),
            )
        with store.reading() as session:
            found = session.get(Referral, referral_id)
            whole = found.child_first_name == "Jonathan"
            assert whole == (found.purge_id is None)
        was_held = "TooLate" not in said
        assert whole == was_held, said
        outcomes.add(whole)
        if whole:
            with act(cast.sam) as work:
                (line,) = holds.standing(work)
                holds.lift(work, line.id, "The race is over.")
            with later(days=31):
                purged(cast.ada, cast.sam)
    assert outcomes


def _approve(member, purge_id):
    with act(member) as work:
        retention.approve(work, purge_id)


def _at_once(*both):
    """Run acts in threads at the same moment; the names of what they were refused with."""
    ready, said = threading.Barrier(len(both)), []

    def run(one):
        ready.wait()
        try:
            one()
        except Refused as refusal:
            said.append(type(refusal).__name__)

    threads = [threading.Thread(target=run, args=(one,)) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said
