"""Clients from a spreadsheet, up to the dry run: read a file, say what its columns are, check every line."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from actions import drafting
from actions.center import finding
from actions.center.reading_apart import read_apart
from actions.hands import Hands
from actions.work import Work, permitted
from db import search_keys
from db import spreadsheets as statements
from db.searching_lines import FileSearch
from db.tables.spreadsheets import ClientBatch, ClientBatchRow, ClientColumnMap
from domain import fields
from domain.clients import STRONG, PossibleClient, PossibleClients, child_named, cover, hidden_in
from domain.fields import Answers
from domain.matching import Candidate, Grade, Person, RecordKind, person_from
from domain.permissions import Permission
from domain.refusals import NotFound, Refused, TooLate
from domain.spreadsheet import columns, rows
from domain.spreadsheet.batches import About, Finding, MappingView, evidence_of
from domain.spreadsheet.columns import Choices
from domain.spreadsheet.fates import BatchStatus, Found
from domain.spreadsheet.tables import Table, clean

NO_SUCH_FILE = "There is no such file of clients, or it is another person's. Choose the file again."
AT_ONCE = 40
"""Lines checked between two looks at the clock: under a second."""
NAMES_SHOWN = 8

Told = Callable[[int, int], None]
"""Hears how many lines are done, and of how many."""


def begin(hands: Hands, name: str, content: bytes) -> UUID:
    """Read a file for somebody who may load clients, and keep its lines; the file itself is not kept."""
    with hands.looking() as work:
        may_begin(work)
    table = read_apart(content)
    with hands.working() as work:
        return keep_file(work, name, hashlib.sha256(content).hexdigest(), table)


@permitted(Permission.LOAD_CLIENTS)
def may_begin(work: Work) -> None:
    """Refuse whoever may not load clients before their file is looked at."""


@permitted(Permission.LOAD_CLIENTS)
def keep_file(work: Work, name: str, content_hash: str, table: Table) -> UUID:
    """Keep the lines of a file that was read, to be mapped and checked; nothing is on file yet."""
    place = columns.header_place(table)
    header_line, header = table.lines[place]
    batch = ClientBatch(
        file_name=_file_name(name),
        content_hash=content_hash,
        status=BatchStatus.READ,
        about=About(table.told, table.from_1904, tuple(header), header_line, above=place).to_text(),
        rows=len(table.lines) - place - 1,
        made_by=work.actor.user_id,
        made_by_name=work.actor.name,
        made_at=work.now,
    )
    if not batch.rows:
        raise Refused("There is no line below the names of the columns. Choose the file that holds the list.")
    work.session.add(batch)
    work.session.flush()
    statements.write_lines(work.session, [_row(batch.id, line, cells) for line, cells in table.lines[place + 1 :]])
    work.record("client.spreadsheet_read", "client_batch", batch.id, count=batch.rows)
    return batch.id


@permitted(Permission.LOAD_CLIENTS)
def mapping(work: Work, batch_id: UUID, choices: Choices | None = None) -> MappingView:
    """The columns with their first answers, and what they are: as chosen now, before, or as their names propose."""
    batch = open_batch(work, batch_id)
    about = About.from_text(batch.about)
    lines = _cells(work, batch_id)
    kept = work.session.scalar(statements.column_map(columns.signature(about.header)))
    remembered = ""
    if choices is None and batch.choices:
        choices = Choices.from_text(batch.choices)
    elif choices is None and kept is not None:
        choices, remembered = Choices.from_text(kept.choices), kept.saved_by_name
    elif choices is None:
        first_is_child = columns.looks_like_child(about.header)
        choices = replace(columns.proposed(about.header, lines), first_is_child=first_is_child)
    width = max([len(about.header), *map(len, lines)])
    choices = columns.with_orders(columns.fitting(choices, width), lines)
    return MappingView(
        columns=columns.columns_of(about.header, lines, choices),
        choices=choices,
        remembered=remembered,
        words=rows.unknown_words(choices, lines),
        names=tuple(rows.names_split(choices, lines, NAMES_SHOWN)),
    )


@permitted(Permission.LOAD_CLIENTS)
def choose(work: Work, batch_id: UUID, choices: Choices) -> None:
    """Say what each column is; every line is then to be checked anew. Remembered for files of the same header."""
    batch = open_batch(work, batch_id)
    about = About.from_text(batch.about)
    columns.refuse_unclear(choices, columns.columns_of(about.header, _cells(work, batch_id), choices))
    _header_as_child(work, batch, about, choices)
    work.session.execute(statements.forget_findings(batch_id))
    work.session.execute(statements.forget_decisions(batch_id))
    batch.choices = choices.to_text()
    batch.status, batch.checked_from = BatchStatus.CHECKING, work.now
    kept = work.session.scalar(statements.column_map(columns.signature(about.header)))
    if kept is None:
        kept = ClientColumnMap(signature=columns.signature(about.header))
        work.session.add(kept)
    kept.choices, kept.saved_by_name, kept.saved_at = batch.choices, work.actor.name, work.now
    work.record("client.spreadsheet_mapped", "client_batch", batch_id, count=batch.rows)


@permitted(Permission.LOAD_CLIENTS)
def check_again(work: Work, batch_id: UUID) -> None:
    """Let every line be searched for anew; a decision stays where the search finds the same again."""
    batch = open_batch(work, batch_id)
    if not batch.choices:
        raise TooLate("Say first what each column is.")
    work.session.execute(statements.forget_findings(batch_id))
    batch.status, batch.checked_from = BatchStatus.CHECKING, work.now
    work.record("client.spreadsheet_mapped", "client_batch", batch_id, count=batch.rows)


# The check


@dataclass(frozen=True)
class ToCheck:
    """What the check of a file needs: how lines are read, who was found on earlier lines, and what is left."""

    reading: rows.Reading
    before: tuple[tuple[int, Answers], ...]
    """Lines that were checked and may be somebody's first."""
    left: tuple[tuple[int, tuple[str, ...]], ...]
    total: int


def check(hands: Hands, batch_id: UUID, told: Told) -> None:
    """Search for every line that was not checked yet; broken off, it goes on where it stood.

    Each few lines are searched for in a read of their own and kept in a short write, so that nobody waits.
    """
    with hands.looking() as work:
        asked = to_check(work, batch_id)
        file = FileSearch(work.session)
    earlier: dict[int, Answers] = dict(asked.before)
    file.add([(line, person_from(answers)) for line, answers in asked.before])
    for start in range(0, len(asked.left), AT_ONCE):
        told(asked.total - len(asked.left) + start, asked.total)
        some = asked.left[start : start + AT_ONCE]
        with hands.looking() as work:
            found = look_through(work, asked.reading, some, file, earlier)
        with hands.working() as work:
            keep_findings(work, batch_id, found)
    with hands.working() as work:
        finish_check(work, batch_id)
    told(asked.total, asked.total)


@permitted(Permission.LOAD_CLIENTS)
def to_check(work: Work, batch_id: UUID) -> ToCheck:
    """Where the check of a file stands."""
    batch = open_batch(work, batch_id)
    if batch.status is BatchStatus.READ:
        raise TooLate("Say first what each column is.")
    today = work.now.astimezone(drafting.center_zone(work)).date()
    reading = rows.Reading(Choices.from_text(batch.choices), today, About.from_text(batch.about).from_1904)
    before, left = [], []
    lines = work.session.scalars(statements.lines_of(batch_id)).all()
    for one in lines:
        if not one.found:
            left.append((one.line, tuple(json.loads(one.cells))))
        elif Found(one.found) not in _NOBODYS_FIRST:
            before.append((one.line, fields.parsed(one.answers)))
    return ToCheck(reading, tuple(before), tuple(left), len(lines))


_NOBODYS_FIRST = (Found.REFUSED, Found.EARLIER)


@permitted(Permission.LOAD_CLIENTS)
def look_through(
    work: Work,
    reading: rows.Reading,
    lines: Sequence[tuple[int, Sequence[str]]],
    file: FileSearch,
    earlier: dict[int, Answers],
) -> list[Finding]:
    """Read some lines and search for each: among the clients on file, and among the earlier lines."""
    found = []
    for line, cells in lines:
        said = reading.line(cells)
        one = _refused(line, said) if said.problem else _searched(work, line, said, file, earlier)
        found.append(one)
        if one.found not in _NOBODYS_FIRST:
            file.add([(line, person_from(said.answers))])
            earlier[line] = said.answers
    return found


@permitted(Permission.LOAD_CLIENTS)
def keep_findings(work: Work, batch_id: UUID, found: Sequence[Finding]) -> None:
    """Keep what the check found; a decision that was made before about the same other child stays."""
    batch = open_batch(work, batch_id)
    if batch.status is not BatchStatus.CHECKING:
        return
    asked = statements.lines_numbered(batch_id, [one.line for one in found])
    kept = {row.line: row for row in work.session.scalars(asked)}
    rows = [_kept(one, kept[one.line]) for one in found if one.line in kept]
    if rows:
        statements.write_findings(work.session, batch_id, rows)


def _kept(one: Finding, row: ClientBatchRow) -> dict[str, object]:
    """The columns of a line that was checked, by the names that its update takes."""
    same = (row.other_id, row.other_line, row.answers) == (one.other_id, one.other_line, one.answers)
    return {
        "b_line": one.line,
        "answers": one.answers,
        "child": one.child,
        "found": one.found.value,
        "problem": one.problem,
        "other_id": one.other_id,
        "other_line": one.other_line,
        "evidence": one.evidence,
        "decision": row.decision if same else "",
        "reason": row.reason if same else "",
    }


@permitted(Permission.LOAD_CLIENTS)
def finish_check(work: Work, batch_id: UUID) -> None:
    """Say that every line was checked."""
    batch = open_batch(work, batch_id)
    if batch.status is not BatchStatus.CHECKING:
        return
    batch.status = BatchStatus.CHECKED
    work.record("client.searched", "client_batch", batch_id, count=batch.rows)


def open_batch(work: Work, batch_id: UUID) -> ClientBatch:
    """A file of one's own that is still on its way in."""
    batch = work.session.scalar(statements.visible_batches(work.actor).where(ClientBatch.id == batch_id))
    if batch is None or batch.made_by != work.actor.user_id:
        raise NotFound(NO_SUCH_FILE)
    if not batch.status.open:
        raise TooLate("This file was loaded or thrown away in the meantime. Look at it in the list of files.")
    return batch


# One line


def _refused(line: int, said: rows.Interpreted) -> Finding:
    return Finding(line, fields.canonical(said.answers), said.child, Found.REFUSED, said.problem)


def _searched(work: Work, line: int, said: rows.Interpreted, file: FileSearch, earlier: dict[int, Answers]) -> Finding:
    answers = fields.canonical(said.answers)
    person = person_from(said.answers)
    on_file = _strong_clients(work, person, said.answers)
    before = file.like(work.session, person)
    plain = Finding(line, answers, said.child, Found.NEW)
    client = next(iter(on_file.found), None)
    place, twin = before[0] if before else (0, None)
    if client and client.strong and not (twin and _rank(twin.grade) < _rank(client.grade)):
        return _like_client(plain, client, on_file)
    if twin and twin.grade in STRONG:
        return _like_line(plain, place, twin, said.answers, earlier[place])
    if on_file.strong:
        shown = evidence_of({"grade": str(on_file.restricted), "verdict": "A restricted file may match."})
        return replace(plain, found=Found.RESTRICTED, evidence=shown)
    return plain


def _strong_clients(work: Work, person: Person, answers: Answers) -> PossibleClients:
    """The clients on file, if anybody there is likely the child: four of five lines need not read a single file."""
    best = search_keys.search(work.session, person, kinds=[RecordKind.CLIENT], limit=1)
    if not any(one.grade in STRONG for one in best):
        return PossibleClients(())
    return finding.among_clients(work, person, answers)


def _rank(grade: Grade) -> int:
    return list(Grade).index(grade)


def _like_client(plain: Finding, client: PossibleClient, on_file: PossibleClients) -> Finding:
    sure = client.grade is Grade.VERY_LIKELY
    shown = client.evidence | {"child": client.child, "dob": client.dob}
    shown["reasons"] = [reason.words for reason in client.reasons]
    if on_file.restricted is Grade.VERY_LIKELY and not sure:
        return replace(plain, found=Found.RESTRICTED, evidence=evidence_of({"grade": str(on_file.restricted)}))
    return replace(
        plain,
        found=Found.ON_FILE if sure else Found.LIKE_ON_FILE,
        other_id=client.client_id,
        evidence=evidence_of(shown),
    )


def _like_line(plain: Finding, place: int, twin: Candidate, answers: Answers, other: Answers) -> Finding:
    sure = twin.grade is Grade.VERY_LIKELY
    reasons = cover(twin.reasons, hidden_in(answers, other))
    shown = {
        "line": place,
        "child": _child(other),
        "dob": other.get("child_dob", "") if isinstance(other.get("child_dob"), str) else "",
        "grade": twin.grade.value,
        "probability": round(twin.probability, 4),
        "verdict": twin.verdict,
        "reasons": [reason.words for reason in reasons],
    }
    found = Found.EARLIER if sure else Found.LIKE_EARLIER
    return replace(plain, found=found, other_line=place, evidence=evidence_of(shown))


def _child(answers: Answers) -> str:
    said = [answers.get(name) for name in ("child_first_name", "child_middle_name", "child_last_name")]
    return child_named(*(one if isinstance(one, str) else "" for one in said))


# Keeping a file


def _row(batch_id: UUID, line: int, cells: Sequence[str]) -> dict[str, object]:
    said = json.dumps([fields.mended(cell) for cell in cells], ensure_ascii=False).replace("\\u0000", "")
    empty = dict.fromkeys(("answers", "child", "found", "problem", "evidence", "decision", "reason"), "")
    return {"batch_id": batch_id, "line": line, "cells": said, **empty} | dict.fromkeys(
        ("other_id", "other_line", "client_id")
    )


def _file_name(name: str) -> str:
    """The name as it is shown: without folders and what cannot be seen."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return fields.mended(clean("".join(letter for letter in last if letter.isprintable())))[:120] or "a file"


def _cells(work: Work, batch_id: UUID) -> list[list[str]]:
    return [json.loads(cells) for _line, cells in work.session.execute(statements.cells_of(batch_id))]


def _header_as_child(work: Work, batch: ClientBatch, about: About, choices: Choices) -> None:
    """Make a line of what was taken for the header, or take it out again."""
    line = work.session.scalar(statements.line_of(batch.id, about.header_line))
    if choices.first_is_child and line is None:
        statements.write_lines(work.session, [_row(batch.id, about.header_line, about.header)])
        batch.rows += 1
    elif not choices.first_is_child and line is not None:
        work.session.delete(line)
        work.session.flush()
        batch.rows -= 1
