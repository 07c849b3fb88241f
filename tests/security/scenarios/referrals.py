"""What is told of referrals, from the first saved answer to the bin."""

from datetime import UTC, datetime
from uuid import uuid4

from actions.agency import referrals as own
from actions.center import doubles, imports, merges, referrals, restricted
from domain.fields import ReferralType
from domain.lifecycle import CloseOutcome, DeleteReason, ReturnReason
from domain.matching import RecordKind
from tests.cast import ANSWERS, answers_for
from tests.security.scenarios.stage import Stage, Told


def _draft(s: Stage):
    return s.done("olga", own.start, ReferralType.LE).id


def _began(s: Stage):
    s.does(own.start, ReferralType.LE)
    return s.gave.id


def _phoned(s: Stage):
    called = s.done("irene", referrals.phone_in, ReferralType.LE, s.cast.sheriff_id, "Officer Dane", datetime.now(UTC))
    return called.id


def _ready_draft(s: Stage):
    draft = _draft(s)
    s.done("olga", own.save_answers, draft, answers_for(ReferralType.LE, ANSWERS))
    return draft, s.done("olga", own.read_draft, draft).version


def _returned(s: Stage):
    sent = s.sent()
    s.done("irene", referrals.return_to_agency, *s.seen(sent), ReturnReason.UNCLEAR, "Please say more.")
    return sent


def _again(s: Stage):
    sent = _returned(s)
    s.done("olga", own.save_answers, sent, {"narrative": "The child told a teacher. There is more to say now."})
    return sent, s.done("olga", own.read_draft, sent).version


def _answered(s: Stage):
    sent = s.sent()
    s.done("irene", referrals.ask, sent, "Which school?")
    question = s.done("olga", own.read_own, sent).questions[0].id
    s.does(own.answer, question, "Juniper Middle.")
    return sent


def _open_hotline(s: Stage):
    return s.sent("olga", ReferralType.CLIENT, hotline_report_made="no")


def _linked(s: Stage):
    one, other = s.sent(), s.sent()
    s.done("irene", referrals.link_incident, one, other)
    return one


def _pair(s: Stage):
    return [(RecordKind.REFERRAL, s.sent()), (RecordKind.REFERRAL, s.sent("peter"))]


def _dismissed(s: Stage):
    pair = _pair(s)
    s.does(doubles.not_same_child, *pair, "Different birth dates.")
    return pair[0][1]


def _reconsidered(s: Stage):
    pair = _pair(s)
    s.does(doubles.take_back_not_same, s.done("irene", doubles.not_same_child, *pair, "Different birth dates."))
    return pair[0][1]


def _merged(s: Stage):
    two = s.two()
    s.does(merges.merge, two, {}, "The same child.", uuid4().hex)
    return next(iter(two))


def _proposed(s: Stage):
    two = s.two()
    s.does(merges.propose, list(two))
    return next(iter(two))


def _closed(s: Stage):
    sent = s.sent()
    s.done("irene", referrals.close, *s.seen(sent), CloseOutcome.CONSULT_ONLY, "The officer was told.")
    return s.seen(sent)


def _deleted(s: Stage):
    sent = s.sent()
    s.done("irene", referrals.delete, *s.seen(sent), DeleteReason.TEST)
    return s.seen(sent)


def _restricted(s: Stage):
    sent = s.sent()
    s.done("irene", restricted.restrict, "referral", sent, [s.cast.irene.user_id], "A worker's niece.")
    return sent


TOLD = (
    Told("referral.draft_saved", "olga", "referral", _began),
    Told("referral.draft_discarded", "olga", "referral", lambda s: s.does(own.discard, _draft(s))),
    Told("referral.draft_discarded", "irene", "referral", lambda s: s.does(referrals.discard_phoned, _phoned(s))),
    Told("referral.submitted", "olga", "referral", lambda s: s.does(own.submit, *_ready_draft(s))),
    Told("referral.resubmitted", "olga", "referral", lambda s: s.does(own.submit, *_again(s))),
    Told("referral.viewed", "irene", "referral", lambda s: s.does(referrals.read, s.sent())),
    Told("referral.viewed", "olga", "referral", lambda s: s.does(own.read_own, s.sent())),
    Told("referral.viewed", "irene", "referral", lambda s: s.does(doubles.about, s.sent())),
    Told("referral.viewed", "irene", "referral", _proposed),
    Told("referral.viewed", "irene", "referral", lambda s: s.does(merges.decided, s.merged())),
    Told(
        "referral.assigned",
        "irene",
        "referral",
        lambda s: s.does(referrals.assign, *s.seen(s.sent()), s.cast.irene.user_id),
    ),
    Told(
        "referral.returned",
        "irene",
        "referral",
        lambda s: s.does(referrals.return_to_agency, *s.seen(s.sent()), ReturnReason.UNCLEAR, "Please say more."),
    ),
    Told("referral.asked", "irene", "referral", lambda s: s.does(referrals.ask, s.sent(), "Which school?")),
    Told("referral.answered", "olga", "referral", _answered),
    Told("referral.addendum", "olga", "referral", lambda s: s.does(own.add_information, s.sent(), "She moved.")),
    Told("referral.noted", "irene", "referral", lambda s: s.does(referrals.add_note, s.sent(), "Called twice.")),
    Told(
        "referral.corrected",
        "irene",
        "referral",
        lambda s: s.does(referrals.correct, *s.seen(s.sent()), {"child_school": "Juniper Middle"}),
    ),
    Told(
        "referral.hotline_settled",
        "irene",
        "referral",
        lambda s: s.does(
            referrals.settle_hotline, _open_hotline(s), datetime(2026, 1, 2, tzinfo=UTC).date(), "H-1", "Irene"
        ),
    ),
    Told(
        "referral.withdrawn",
        "olga",
        "referral",
        lambda s: s.does(own.withdraw, *s.seen(s.sent()), "Sent to the wrong center."),
    ),
    Told(
        "referral.closed",
        "irene",
        "referral",
        lambda s: s.does(referrals.close, *s.seen(s.sent()), CloseOutcome.CONSULT_ONLY, "The officer was told."),
    ),
    Told("referral.reopened", "irene", "referral", lambda s: s.does(referrals.reopen, *_closed(s))),
    Told(
        "referral.deleted",
        "irene",
        "referral",
        lambda s: s.does(referrals.delete, *s.seen(s.sent()), DeleteReason.TEST),
    ),
    Told("referral.restored", "irene", "referral", lambda s: s.does(referrals.restore, *_deleted(s))),
    Told("referral.linked", "irene", "referral", lambda s: s.does(referrals.link_incident, s.sent(), s.sent())),
    Told("referral.unlinked", "irene", "referral", lambda s: s.does(referrals.unlink_incident, _linked(s))),
    Told("referral.duplicate_dismissed", "irene", "referral", _dismissed),
    Told("referral.duplicate_reconsidered", "irene", "referral", _reconsidered),
    Told("referral.merged", "irene", "referral", _merged),
    Told(
        "referral.merge_undone",
        "irene",
        "referral",
        lambda s: s.does(merges.undo_merge, *s.seen(s.merged()), "Two children after all."),
    ),
    Told("referral.imported", "irene", "referral", lambda s: s.does(imports.save_intake, *s.ready())),
    Told(
        "referral.import_undone",
        "sam",
        "referral",
        lambda s: s.does(imports.undo_import, *s.seen(s.imported()), "It was another child."),
    ),
    Told(
        "referral.restricted",
        "irene",
        "referral",
        lambda s: s.does(restricted.restrict, "referral", s.sent(), [s.cast.irene.user_id], "A worker's niece."),
    ),
    Told(
        "referral.unrestricted",
        "irene",
        "referral",
        lambda s: s.does(restricted.lift, "referral", _restricted(s), "It was a mistake."),
    ),
)
