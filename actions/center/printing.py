"""A referral on paper: asked for with a reason, kept in the timeline and the audit trail, covered as rule 15 says."""

from datetime import timedelta
from uuid import UUID

from actions import comparing, drafting, reading
from actions.texts import written
from actions.work import Work, permitted
from db.tables.decisions import Printout
from domain.lifecycle import Status
from domain.paper import Paper, on_paper
from domain.permissions import Permission
from domain.refusals import NotFound, Refused, TooLate

OPEN_FOR = timedelta(minutes=15)
"""How long a prepared print can be read again, so that a page that is drawn anew needs no second reason."""
SAY_WHY = "Write why it is printed: for whom, and what for. It stands on the print and in the timeline."


@permitted(Permission.PRINT_REFERRALS)
def print_referral(work: Work, referral_id: UUID, reason: str) -> UUID:
    """Ask for a full print of a referral; gives the id under which it can be read once it is recorded."""
    referral = reading.visible_referral(work, referral_id)
    if referral.status is Status.DRAFT:
        raise Refused("This referral was not sent yet, so there is nothing to print.")
    printout = Printout(
        referral_id=referral.id, reason=written(reason, SAY_WHY), made_by_name=work.actor.name, made_at=work.now
    )
    work.session.add(printout)
    work.session.flush()
    work.record("referral.printed", "referral", referral.id, version=referral.version)
    return printout.id


@permitted(Permission.PRINT_REFERRALS)
def printed(work: Work, printout_id: UUID) -> Paper:
    """A referral as it goes on paper, with who asked for it, when and why."""
    printout = work.session.get(Printout, printout_id)
    if printout is None:
        raise NotFound(reading.NO_SUCH_REFERRAL)
    referral = reading.visible_referral(work, printout.referral_id)
    if printout.made_by_name != work.actor.name or work.now - printout.made_at > OPEN_FOR:
        raise TooLate(f"This print of {referral.number} was prepared earlier. Ask for a new one, with its reason.")
    return Paper(
        id=referral.id,
        number=referral.number or "",
        type=referral.type,
        status=referral.status.label,
        agency=comparing.agencies_of(work, referral),
        first_submitted_at=referral.first_submitted_at,
        answers=on_paper(drafting.current_answers(work, referral)),
        by=printout.made_by_name,
        at=printout.made_at,
        reason=printout.reason,
        center=drafting.the_center(work).name,
    )
