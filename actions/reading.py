"""The loader is the gate: a record is fetched for somebody, and what they may not see does not exist."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from actions.work import Work
from db import queries
from db.tables.people import THE_CENTER, Agency, Center, User
from db.tables.referrals import Referral, ReturnMark
from domain import fields
from domain.referrals import Asked, Mark, Remark, Taken, WrittenRound
from domain.refusals import NotFound, TooLate

NO_SUCH_REFERRAL = "There is no such referral, or you may not see it. Check the number."


def own_referral(work: Work, referral_id: UUID) -> Referral:
    """A referral of the actor's own agency, to be changed in this work."""
    found = work.session.scalar(queries.own_referrals(work.actor).where(Referral.id == referral_id).with_for_update())
    if found is None:
        raise NotFound(NO_SUCH_REFERRAL)
    return found


def visible_referral(work: Work, referral_id: UUID) -> Referral:
    """A referral that the actor may see at the center, to be changed in this work."""
    found = work.session.scalar(
        queries.visible_referrals(work.actor).where(Referral.id == referral_id).with_for_update()
    )
    if found is None:
        raise no_such_referral(work, referral_id)
    return found


def no_such_referral(work: Work, referral_id: UUID) -> NotFound:
    """That there is none; to those at the center who could see it before it was purged, when that was."""
    purged = work.session.execute(queries.purged(work.actor, referral_id)).one_or_none()
    if purged is None or purged.done_at is None:
        return NotFound(NO_SUCH_REFERRAL)
    center = center_row(work)
    day = purged.done_at.astimezone(ZoneInfo(center.time_zone if center else "UTC"))
    return NotFound(
        f"{purged.number} was deleted for good on {day:%b} {day.day}, {day.year} under the retention rule. "
        "Ask a supervisor for its certificate."
    )


def unchanged(work: Work, referral: Referral, seen_version: int) -> Referral:
    """The referral as the person saw it; refuses with who did what and when if it has moved on."""
    if referral.version == seen_version:
        return referral
    last = work.session.scalar(queries.newest_step(referral.id))
    if last is None:
        raise TooLate("This referral was changed in the meantime. Reload it; nothing you typed is lost.")
    raise TooLate(
        f"{referral.number} was {last.step.done} by {last.by_name} at {clock(work, last.at)}. "
        "Reload it to see it as it is now; what you typed is still here."
    )


def clock(work: Work, at: datetime) -> str:
    """A moment in the center's time, as a person says it: "3:04 PM on Nov 22"."""
    center = center_row(work)
    local = at.astimezone(ZoneInfo(center.time_zone if center else "UTC"))
    return f"{local:%I:%M %p} on {local:%b} {local.day}".lstrip("0")


def center_row(work: Work) -> Center | None:
    """The center's row, asked for once in each piece of work, however many lines need its time zone."""
    if "center" not in work.session.info:
        work.session.info["center"] = work.session.get(Center, THE_CENTER)
    found: Center | None = work.session.info["center"]
    return found


def agency_named(work: Work, agency_id: UUID | None) -> str:
    """The name of an agency; empty for none. Asked for once in each piece of work, however many lines name it."""
    if agency_id is None:
        return ""
    # The session forgets what nobody holds, so each line of a list would ask again.
    known: dict[UUID, Agency | None] = work.session.info.setdefault("agencies", {})
    if agency_id not in known:
        known[agency_id] = work.session.get(Agency, agency_id)
    found = known[agency_id]
    return found.name if found else ""


def person_named(work: Work, user_id: UUID | None) -> str:
    """The name of a user; empty for none."""
    found = work.session.get(User, user_id) if user_id else None
    return found.name if found else ""


def people_named(work: Work, user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of users by id."""
    return dict(work.session.execute(queries.names_of(user_ids)).all())


def child_of(referral: Referral) -> str:
    """The child's name as one line, as typed; a plain phrase where it is not known."""
    return " ".join(part for part in (referral.child_first_name, referral.child_last_name) if part) or "Name not known"


def rounds_of(work: Work, referral_id: UUID) -> tuple[WrittenRound, ...]:
    """Everything that was written about a referral, oldest first."""
    return tuple(
        WrittenRound(one.id, one.round, one.kind, fields.parsed(one.answers), one.made_by_name, one.made_at)
        for one in work.session.scalars(queries.submissions_of(referral_id))
    )


def steps_of(work: Work, referral_id: UUID) -> tuple[Taken, ...]:
    """The history of a referral, oldest first, each return with its marks."""
    marks: dict[UUID, list[Mark]] = {}
    for mark in work.session.scalars(queries.all_marks_of(referral_id)):
        marks.setdefault(mark.change_id, []).append(as_mark(mark))
    return tuple(
        Taken(
            step=change.step,
            before=change.from_status,
            after=change.to_status,
            at=change.at,
            by=change.by_name,
            reason=change.reason,
            comment=change.comment,
            round=change.round,
            marks=tuple(marks.get(change.id, ())),
        )
        for change in work.session.scalars(queries.history_of(referral_id))
    )


def as_mark(mark: ReturnMark) -> Mark:
    """A kept mark as a value."""
    return Mark(mark.field, mark.comment, mark.row)


def questions_of(work: Work, referrals: list[Referral]) -> tuple[Asked, ...]:
    """Questions and answers, oldest first, each with its referral's number."""
    numbers = {referral.id: referral.number or "" for referral in referrals}
    return tuple(
        Asked(
            one.id,
            one.text,
            one.asked_by_name,
            one.asked_at,
            one.answer,
            one.answered_by_name,
            one.answered_at,
            number=numbers[one.referral_id],
        )
        for one in work.session.scalars(queries.questions_of(list(numbers)))
    )


def additions_of(work: Work, referrals: list[Referral]) -> tuple[Remark, ...]:
    """What the agencies added after sending, oldest first, each with its referral's number."""
    numbers = {referral.id: referral.number or "" for referral in referrals}
    return tuple(
        Remark(one.text, one.made_by_name, one.made_at, numbers[one.referral_id])
        for one in work.session.scalars(queries.additions_of(list(numbers)))
    )


def notes_of(work: Work, record_id: UUID) -> tuple[Remark, ...]:
    """The center's notes on a record, oldest first."""
    return tuple(
        Remark(one.text, one.made_by_name, one.made_at) for one in work.session.scalars(queries.notes_of(record_id))
    )
