"""What is told of holds, purges, prints, files of one child, and clients on their way in from a spreadsheet."""

from functools import partial
from hashlib import sha256
from uuid import uuid4

from actions import expiry, site
from actions.agency import referrals as own
from actions.center import (
    client_batches,
    client_loading,
    client_merges,
    client_spreadsheets,
    clients,
    holds,
    late_words,
    merges,
    printing,
    referrals,
    retention,
)
from actions.hands import Hands
from actions.work import looking
from domain.lifecycle import ReturnReason
from domain.retention import HeldScope, Periods
from domain.spreadsheet.reading import read_table
from tests.cast import act
from tests.keeping import asked, binned, due_counts, later, proven
from tests.security.scenarios.stage import Stage, Told


def _number(s: Stage, referral_id):
    return s.done("irene", referrals.read, referral_id).number


def _placed(s: Stage):
    sent = s.sent()
    s.does(holds.place, HeldScope.REFERRAL, "Order of the district court.", number=_number(s, sent))
    return sent


def _lifted(s: Stage):
    sent = s.sent()
    reason = "Order of the district court."
    hold = s.done("sam", holds.place, HeldScope.REFERRAL, reason, number=_number(s, sent))
    s.does(holds.lift, hold, "The case is closed.")
    return sent


def _purged(s: Stage):
    sent = s.sent()
    binned(s.cast.irene, sent)
    with later(days=31):
        s.does(retention.approve, asked(s.cast.ada))
    return sent


def _withdrawn(s: Stage):
    binned(s.cast.irene, s.sent())
    with later(days=31):
        return s.does(retention.withdraw_request, asked(s.cast.ada))


def _requested(s: Stage):
    binned(s.cast.irene, s.sent())
    with later(days=31):
        seen = due_counts(proven(s.cast.ada))
        s.does(retention.request, seen, "The period is over.")
        purge = s.gave
        with act(proven(s.cast.ada)) as work:
            retention.withdraw_request(work, purge)
        s.keep_what_is_told()
    return purge


def _approved(s: Stage):
    _purged(s)
    return s.gave.id


def _looks_what_is_due(s: Stage):
    s.tries(lambda: expiry.run(site.present()))


def _two_files(s: Stage):
    files = [s.client(), s.client()]
    return {one: s.done("irene", clients.read, one).version for one in files}


def _merged_files(s: Stage):
    two = _two_files(s)
    s.does(client_merges.merge, two, {}, "One child, twice on file.", s.word())
    return next(iter(two))


def _separated_files(s: Stage):
    two = _two_files(s)
    kept = s.done(s.by, client_merges.merge, two, {}, "One child, twice on file.", s.word())
    ended = next(one for one in two if one != kept)
    s.does(client_merges.undo_merge, ended, "Two children after all.")
    return ended


def _beside(s: Stage):
    two = list(_two_files(s))
    s.does(client_merges.propose, *two)
    return two[0]


def _decided(s: Stage):
    two = _two_files(s)
    kept = s.done("sam", client_merges.merge, two, {}, "One child, twice on file.", s.word())
    return s.does(client_merges.decided, next(one for one in two if one != kept))


def _late(s: Stage):
    """A result to one of whose sources its agency added something later: result, its version, what was added."""
    two = s.two()
    result = s.done("irene", merges.merge, two, {}, "The same child.", s.word())
    source = next(iter(two))
    s.done("olga", own.add_information, source, "The mother moved to Elm Road.")
    view = s.done("irene", referrals.read, result)
    return result, view.version, view.late[0].id


def _left(s: Stage):
    result, _, word = _late(s)
    return s.does(late_words.leave_as_it_is, result, word)


def _closes_unanswered(s: Stage):
    sent = s.sent()
    s.done("irene", referrals.return_to_agency, *s.seen(sent), ReturnReason.UNCLEAR, "Please say more.")
    with later(days=200):
        proven(s.me)
        s.does(retention.close_unanswered, dict([s.seen(sent)]), "Called three times.")
    return sent


HEADER = "Last name,First name,DOB,Sex"


def _read(s: Stage, line: str = ""):
    line = line or f"Z{uuid4().hex[:7]},Q{uuid4().hex[:7]},3/{13 + next(s.numbers) % 16}/2016,F"
    content = f"{HEADER}\n{line}".encode()
    return "clients.csv", sha256(content).hexdigest(), read_table(content)


def _kept(s: Stage, line: str = ""):
    return s.done("sam", client_spreadsheets.keep_file, *_read(s, line))


def _reads_a_file(s: Stage):
    s.does(client_spreadsheets.keep_file, *_read(s))
    return s.gave


def _mapped(s: Stage):
    batch = _kept(s)
    return batch, s.done("sam", client_spreadsheets.mapping, batch).choices


def _checked(s: Stage, line: str = ""):
    batch = _kept(s, line)
    s.done("sam", client_spreadsheets.choose, batch, s.done("sam", client_spreadsheets.mapping, batch).choices)
    client_spreadsheets.check(_hands(s), batch, lambda _done, _total: None)
    return batch


def _finishes(s: Stage):
    batch, choices = _mapped(s)
    s.done("sam", client_spreadsheets.choose, batch, choices)
    return s.does(client_spreadsheets.finish_check, batch)


def _loads(s: Stage):
    batch = _checked(s)
    return s.does(client_loading.load_checked, batch, s.done("sam", client_loading.look_at_newcomers, batch))


def _loaded(s: Stage):
    batch = _checked(s)
    client_loading.load(_hands(s), batch)
    return batch


def _hands(s: Stage):
    return Hands(partial(looking, s.cast.sam.session_id), partial(act, s.cast.sam))


TOLD = (
    Told("hold.placed", "sam", "referral", _placed),
    Told("hold.lift_asked", "ada", "referral", _lifted),
    Told("hold.lifted", "sam", "referral", _lifted),
    Told("purge.requested", "ada", "purge", _requested),
    Told("purge.withdrawn", "sam", "purge", _withdrawn),
    Told("purge.approved", "sam", "purge", _approved),
    Told("purge.done", "sam", "referral", _purged),
    Told("retention.run", expiry.DESK, "", _looks_what_is_due),
    Told(
        "referral.printed",
        "irene",
        "referral",
        lambda s: s.does(printing.print_referral, s.sent(), "For the hearing on Monday."),
    ),
    Told("client.merged", "sam", "client", _merged_files),
    Told("client.merge_undone", "sam", "client", _separated_files),
    Told("client.searched", "sam", "client", lambda s: s.does(client_merges.doubles_of, s.client())),
    Told("client.viewed", "sam", "client", _beside),
    Told("client.viewed", "sam", "client", _decided),
    Told(
        "referral.late_word_taken",
        "irene",
        "referral",
        lambda s: s.does(late_words.take_over, *_late(s)),
    ),
    Told("referral.late_word_seen", "irene", "referral", _left),
    Told("referral.closed", "irene", "referral", _closes_unanswered),
    Told("settings.changed", "ada", "center", lambda s: s.does(retention.set_periods, Periods(bin=40))),
    Told("client.searched", "sam", "client_batch", _finishes),
    Told("client.loaded", "sam", "client_batch", _loads),
    Told(
        "client.spreadsheet_mapped",
        "sam",
        "client_batch",
        lambda s: s.does(client_spreadsheets.check_again, _checked(s)),
    ),
    Told("client.spreadsheet_read", "sam", "client_batch", _reads_a_file),
    Told(
        "client.spreadsheet_mapped",
        "sam",
        "client_batch",
        lambda s: s.does(client_spreadsheets.choose, *_mapped(s)),
    ),
    Told("client.spreadsheet_dropped", "sam", "client_batch", lambda s: s.does(client_batches.drop, _kept(s))),
    Told(
        "client.spreadsheet_exported",
        "sam",
        "client_batch",
        lambda s: s.does(client_batches.mending_file, _checked(s, "Cruz,Ana,99/99/2016,F")),
    ),
    Told(
        "client.load_undone",
        "sam",
        "client_batch",
        lambda s: s.does(client_loading.undo, _loaded(s), "The wrong list."),
    ),
)
