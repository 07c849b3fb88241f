"""Clients from a spreadsheet, from the dry run on: every line's fate, decisions, loading at once, taking back."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from actions import drafting, exports
from actions.center.client_spreadsheets import NO_SUCH_FILE, open_batch
from actions.texts import written
from actions.work import Work, permitted
from db import spreadsheets as statements
from db.clients import how_many
from db.tables.clients import Client
from db.tables.spreadsheets import ClientBatch, ClientBatchRow
from domain import fields
from domain.clients import child_named
from domain.permissions import Permission
from domain.refusals import NotFound, Refused, TooLate
from domain.spreadsheet import fates
from domain.spreadsheet.batches import (
    About,
    BatchLine,
    BatchView,
    LinesPage,
    LineView,
    ShownOther,
)
from domain.spreadsheet.columns import Choices, columns_named
from domain.spreadsheet.fates import BatchStatus, Counts, Decision, Fate, Found

PAGE = 10
FILES_SHOWN = 20
KEPT_FOR = timedelta(days=30)
CHECK_AGAIN = "Press “Check again”; your decisions are kept where nothing changed."
_FACTS = ("child_dob", "child_sex", "child_phone", "address_line1", "address_city", "child_school")


@permitted(Permission.LOAD_CLIENTS)
def files(work: Work) -> tuple[BatchLine, ...]:
    """One's own files on their way in, and what was loaded, newest first."""
    found = work.session.scalars(statements.batches_shown(work.actor).limit(FILES_SHOWN))
    return tuple(_line(work, batch) for batch in found)


@permitted(Permission.LOAD_CLIENTS)
def read(work: Work, batch_id: UUID) -> BatchView:
    """One file: how it was read, what was chosen, and how many lines have which fate."""
    batch = visible_batch(work, batch_id)
    earlier = work.session.scalar(statements.loaded_before(batch.content_hash)) if batch.status.open else None
    return BatchView(
        line=_line(work, batch),
        about=About.from_text(batch.about),
        choices=Choices.from_text(batch.choices) if batch.choices else Choices(()),
        counts=counts_of(work, batch_id),
        asked=work.session.scalar(how_many(statements.asked_or_decided(batch_id))) or 0,
        loaded_before=_loaded_before(work, earlier) if earlier else "",
    )


@permitted(Permission.LOAD_CLIENTS)
def lines(work: Work, batch_id: UUID, fate: Fate, page: int = 1) -> LinesPage:
    """Some lines that have this fate. Lines to decide stay in their place once they were decided."""
    batch = visible_batch(work, batch_id)
    asked = statements.with_fate(batch_id, fate)
    if fate is Fate.TO_DECIDE and batch.status.open:
        asked = statements.asked_or_decided(batch_id)
    total = work.session.scalar(how_many(asked)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    found = work.session.scalars(asked.limit(PAGE).offset((page - 1) * PAGE)).all()
    made = _made(work, found)
    about = _columns_shown(batch)
    return LinesPage(tuple(_shown(work, row, made, about) for row in found), total, page, pages)


@permitted(Permission.LOAD_CLIENTS)
def decide(work: Work, batch_id: UUID, line: int, decision: Decision | None, reason: str = "") -> None:
    """Say what becomes of one line; None takes back what was said. A new client beside a likely one needs a reason."""
    batch = open_batch(work, batch_id)
    row = work.session.scalar(statements.line_of(batch_id, line))
    if row is None:
        raise NotFound("There is no such line in this file.")
    if batch.status is not BatchStatus.CHECKED:
        raise TooLate("The lines are being checked again. Wait until the check is done, then decide.")
    if decision is not None:
        fates.refuse_undecidable(_found(row), decision, reason)
    row.decision = decision.value if decision else ""
    row.reason = written(reason, fates.WHY_ANOTHER) if decision is Decision.NEW and Found(row.found).strong else ""


@permitted(Permission.LOAD_CLIENTS)
def leave_out_undecided(work: Work, batch_id: UUID) -> int:
    """Leave out every line that still waits for a decision, with what repeats it, and how many those were."""
    batch = open_batch(work, batch_id)
    if batch.status is not BatchStatus.CHECKED:
        raise TooLate("The lines are being checked again. Wait until the check is done, then decide.")
    waiting = work.session.scalars(statements.with_fate(batch_id, Fate.TO_DECIDE)).all()
    for row in waiting:
        row.decision = Decision.LEAVE_OUT.value
    work.session.flush()
    left = {row.line for row in waiting}
    for row in work.session.scalars(statements.with_fate(batch_id, Fate.SAME_EARLIER)):
        # Whoever was the same child as a line that is now left out goes with it.
        if row.other_line in left:
            row.decision = Decision.LEAVE_OUT.value
            left.add(row.line)
    return len(left)


@permitted(Permission.LOAD_CLIENTS)
def drop(work: Work, batch_id: UUID) -> None:
    """Throw a file away that was not loaded: every line of it is gone."""
    batch = open_batch(work, batch_id)
    _forget(work, batch)
    batch.status = BatchStatus.DROPPED
    work.record("client.spreadsheet_dropped", "client_batch", batch_id, count=batch.rows)


# What is left over


@permitted(Permission.LOAD_CLIENTS)
def offer_mending_file(work: Work, batch_id: UUID) -> str:
    """The address of a file with every line that was not loaded and why, to be mended and loaded again."""
    return exports.offer(work, "lines-to-mend.csv", "text/csv; charset=utf-8", mending_file(work, batch_id))


@permitted(Permission.LOAD_CLIENTS)
def mending_file(work: Work, batch_id: UUID) -> bytes:
    """Every refused and left-out line in its own columns, with its number and what to mend; never a formula."""
    batch = visible_batch(work, batch_id)
    about = About.from_text(batch.about)
    text = io.StringIO(newline="")
    sheet = csv.writer(text)
    sheet.writerow([harmless(cell) for cell in (LINE, WHY, *about.header)])
    count = 0
    for fate in (Fate.REFUSED, Fate.LEFT_OUT, Fate.TO_DECIDE):
        for row in work.session.scalars(statements.with_fate(batch_id, fate)):
            cells = json.loads(row.cells)
            if cells:
                why = row.problem or fate.label
                sheet.writerow([harmless(cell) for cell in (str(row.line), why, *cells)])
                count += 1
    if not count:
        raise Refused("There is no line to mend: every line was loaded or is on file.")
    work.record("client.spreadsheet_exported", "client_batch", batch_id, count=count)
    return text.getvalue().encode("utf-8-sig")


LINE, WHY = "Line in the file", "What to mend"


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; reading it back gives the same words."""
    start = cell.lstrip(" \u00a0\u3000")[:1]
    return f"'{cell}" if start and start in "=+-@\t\r\n\0＝＋－＠" else cell


def forget_old(work: Work) -> int:
    """The desk's own work at night: words of files that nobody needs any more; how many files those were.

    A file that was not loaded within a month is thrown away; of a loaded one the fates of its lines stay.
    """
    old = work.session.scalars(statements.old_batches(work.now - KEPT_FOR)).all()
    for batch in old:
        if batch.status.open:
            _forget(work, batch)
            batch.status = BatchStatus.DROPPED
        else:
            work.session.execute(statements.forget_all_words(batch.id))
    if old:
        work.record("client.spreadsheet_dropped", "client_batch", count=len(old))
    return len(old)


# Files


def visible_batch(work: Work, batch_id: UUID, *, for_update: bool = False) -> ClientBatch:
    """A file that the actor may look at."""
    asked = statements.visible_batches(work.actor).where(ClientBatch.id == batch_id)
    batch = work.session.scalar(asked.with_for_update() if for_update else asked)
    if batch is None or batch.status is BatchStatus.DROPPED:
        raise NotFound(NO_SUCH_FILE)
    return batch


def _line(work: Work, batch: ClientBatch) -> BatchLine:
    return BatchLine(
        id=batch.id,
        file_name=batch.file_name,
        status=batch.status,
        rows=batch.rows,
        by=batch.made_by_name,
        at=batch.made_at,
        loaded=batch.loaded,
        first_number=batch.first_number,
        last_number=batch.last_number,
        loaded_at=batch.loaded_at,
        loaded_by=batch.loaded_by_name,
        undone_by=batch.undone_by_name,
        undone_at=batch.undone_at,
        undo_reason=batch.undo_reason,
        mine=batch.made_by == work.actor.user_id,
    )


def counts_of(work: Work, batch_id: UUID) -> Counts:
    """How many lines of a file have which fate."""
    found: dict[Fate, int] = {}
    for code, decision, count in work.session.execute(statements.fates(batch_id)):
        fate = fates.fate(Found(code) if code else None, Decision(decision) if decision else None)
        found[fate] = found.get(fate, 0) + count
    return Counts.of(found)


def _loaded_before(work: Work, earlier: ClientBatch) -> str:
    zone = drafting.center_zone(work)
    day = earlier.loaded_at.astimezone(zone).strftime("%b %d, %Y") if earlier.loaded_at else "before"
    return f"This very file was loaded by {earlier.loaded_by_name} on {day}. Its children should be on file already."


# Lines


def _shown(work: Work, row: ClientBatchRow, made: dict[UUID, Client], mapped: Sequence[tuple[int, str]]) -> LineView:
    client = made.get(row.client_id) if row.client_id else None
    found = _found(row)
    decision = Decision(row.decision) if row.decision else None
    return LineView(
        line=row.line,
        child=_named(client) if client else row.child,
        facts=_facts(row, mapped),
        found=found,
        fate=fates.fate(found, decision),
        decision=decision,
        reason=row.reason,
        problem=row.problem,
        other=_other(work, row),
        client_number=client.number if client else "",
        client_id=client.id if client else None,
    )


def _facts(row: ClientBatchRow, mapped: Sequence[tuple[int, str]]) -> tuple[tuple[str, str], ...]:
    """What the line says: in our words, or as it was typed where it could not be read."""
    if row.found == Found.REFUSED.value:
        cells = json.loads(row.cells)
        return tuple((name, cells[place][:80]) for place, name in mapped if place < len(cells) and cells[place])[:8]
    answers = fields.parsed(row.answers) if row.answers else {}
    said = [(fields.FIELD[name].label, fields.say(fields.FIELD[name], answers.get(name))) for name in _FACTS]
    people = answers.get("caregivers")
    for person in people if isinstance(people, list) else []:
        names = [str(person[part]) for part in ("cg_first_name", "cg_last_name") if isinstance(person.get(part), str)]
        said.append(("Caregiver", " ".join(names)))
    return tuple((label, words) for label, words in said if words)


def _other(work: Work, row: ClientBatchRow) -> ShownOther | None:
    """Who was shown, as far as the actor may still see them."""
    if not row.evidence:
        return None
    shown = json.loads(row.evidence)
    verdict, reasons = shown.get("verdict", ""), tuple(shown.get("reasons", ()))
    if row.other_id:
        client = work.session.scalar(statements.visible_among(work.actor, [row.other_id]))
        if client is None:
            return ShownOther("A file that you may not open")
        born = fields.say(fields.FIELD["child_dob"], client.dob) if client.dob else ""
        words = f"{client.number} {_named(client)}" + (f", born {born}" if born else "")
        return ShownOther(words, verdict, reasons, client.id)
    if row.other_line:
        born = fields.say(fields.FIELD["child_dob"], shown.get("dob", "")) if shown.get("dob") else ""
        words = f"Line {row.other_line:,}: {shown.get('child', '')}".rstrip(": ") + (f", born {born}" if born else "")
        return ShownOther(words, verdict, reasons)
    return ShownOther("A restricted file may match: ask the supervisor")


def _made(work: Work, found: Sequence[ClientBatchRow]) -> dict[UUID, Client]:
    ids = [row.client_id for row in found if row.client_id]
    return {client.id: client for client in work.session.scalars(statements.visible_among(work.actor, ids))}


def _named(client: Client) -> str:
    return child_named(client.first_name, client.middle_name, client.last_name)


def _columns_shown(batch: ClientBatch) -> list[tuple[int, str]]:
    if not batch.choices:
        return []
    return columns_named(Choices.from_text(batch.choices), About.from_text(batch.about).header)


def _found(row: ClientBatchRow) -> Found | None:
    return Found(row.found) if row.found else None


def _forget(work: Work, batch: ClientBatch) -> None:
    work.session.execute(statements.forget_lines(batch.id))
