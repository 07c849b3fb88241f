"""The queue: what waits for the center, filtered, counted and in order, fifteen rows at a time."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from actions import counting, drafting, reading
from actions.work import Work, permitted
from db import late_words, queries
from db import queue as statements
from db.queue import Period
from db.tables.referrals import Referral
from domain.lifecycle import Origin, Status
from domain.matching import Grade
from domain.permissions import Permission
from domain.queue_filters import PAGE_ROWS, VIEWS, view_of
from domain.referrals import Named, QueueChoices, QueueFilter, QueuePage, QueueRow, Urgency


@permitted(Permission.SEE_QUEUE)
def queue(work: Work, wanted: QueueFilter) -> QueuePage:
    """One page of the queue with true counts of every view under the same filter."""
    period = _period(work, wanted)
    among = counting.rows_behind(work, wanted)
    counts = _counts(work, wanted, period, among)
    total = counts[view_of(wanted).code]
    pages = max(1, -(-total // PAGE_ROWS))
    page = min(max(1, wanted.page), pages)
    statement = statements.rows(work.actor, wanted, work.now, period, among)
    found = work.session.execute(statement.limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS)).all()
    return QueuePage(
        rows=_rows(work, found),
        total=total,
        page=page,
        pages=pages,
        counts=counts,
    )


@permitted(Permission.SEE_QUEUE)
def next_waiting(work: Work, wanted: QueueFilter, after: UUID | None = None) -> Named | None:
    """The referral to look at next under the same filter, other than the one just decided."""
    among = counting.rows_behind(work, wanted)
    waiting = replace(wanted, view="submitted")
    statement = statements.rows(work.actor, waiting, work.now, _period(work, wanted), among)
    for referral, agency, _assignee in work.session.execute(statement.limit(2)):
        if referral.id != after:
            return Named(referral.id, referral.number or "", reading.child_of(referral), agency or "", referral.status)
    return None


@permitted(Permission.SEE_QUEUE)
def choices(work: Work) -> QueueChoices:
    """What the filters offer: every agency, every county that a referral names, every colleague."""
    return QueueChoices(
        agencies=tuple((agency.id, agency.name) for agency in work.session.scalars(queries.agencies())),
        counties=tuple(work.session.scalars(statements.counties(work.actor))),
        colleagues=tuple((user.id, user.name) for user in work.session.scalars(statements.colleagues())),
    )


def _rows(work: Work, found: Any) -> tuple[QueueRow, ...]:
    ids = [referral.id for referral, _agency, _assignee in found]
    same, known = _hints(work, ids)
    waiting: dict[UUID, int] = {one: count for one, count in work.session.execute(statements.unanswered(ids))}  # noqa: C416
    rows = tuple(
        _row(referral, agency or "", assignee or "", same.get(referral.id, ()), known.get(referral.id, ""), waiting)
        for referral, agency, assignee in found
    )
    return _with_late_words(work, rows)


def _with_late_words(work: Work, rows: tuple[QueueRow, ...]) -> tuple[QueueRow, ...]:
    """The results of merges among the rows tell what their agencies said since; without one nothing is asked."""
    results = [row.id for row in rows if row.origin is Origin.MERGE]
    if not results:
        return rows
    said = {result: (late, leaving) for result, late, leaving in work.session.execute(late_words.how_many_on(results))}
    return tuple(
        replace(row, late=said[row.id][0], withdrawal_asked=said[row.id][1] > 0) if row.id in said else row
        for row in rows
    )


def _row(
    referral: Referral, agency: str, assignee: str, same: tuple[str, ...], known: str, waiting: dict[UUID, int]
) -> QueueRow:
    return QueueRow(
        id=referral.id,
        number=referral.number or "",
        version=referral.version,
        type=referral.type,
        origin=referral.origin,
        status=referral.status,
        urgency=Urgency.of_rank(referral.urgency_rank),
        within_120_hours=referral.within_120_hours,
        agency=agency or ("Result of a merge" if referral.origin is Origin.MERGE else ""),
        county=referral.county,
        child=reading.child_of(referral),
        dob=referral.child_dob,
        waiting_since=referral.waiting_since,
        first_submitted_at=referral.first_submitted_at,
        round=referral.round,
        assignee=assignee,
        hotline_open=referral.hotline_open,
        unanswered=waiting.get(referral.id, 0),
        restricted=referral.restricted,
        same_as_referrals=same if referral.status in (Status.SUBMITTED, Status.REJECTED) else (),
        known_client=known if referral.status in (Status.SUBMITTED, Status.REJECTED) else "",
    )


def _hints(work: Work, ids: list[UUID]) -> tuple[dict[UUID, tuple[str, ...]], dict[UUID, str]]:
    same: dict[UUID, tuple[str, ...]] = {}
    known: dict[UUID, str] = {}
    for referral_id, kind, _other, number, grade in work.session.execute(statements.hints(work.actor, ids)):
        if kind == "referral":
            same[referral_id] = (*same.get(referral_id, ()), number)
        else:
            known.setdefault(referral_id, Grade(grade).value)
    return same, known


def _counts(work: Work, wanted: QueueFilter, period: Period, among: frozenset[UUID] | None) -> dict[str, int]:
    counted = work.session.execute(statements.counts(work.actor, wanted, work.now, period, among)).all()
    return {
        view.code: sum(
            count for status, origin, count in counted if status in view.statuses and view.origin in (None, origin)
        )
        for view in VIEWS
    }


def _period(work: Work, wanted: QueueFilter) -> Period:
    zone = drafting.center_zone(work)
    return _midnight(wanted.since, zone), _midnight(wanted.until and wanted.until + timedelta(days=1), zone)


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone).astimezone(UTC) if day else None
