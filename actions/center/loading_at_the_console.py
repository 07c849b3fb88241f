"""Loading a file of clients from the console: the same actions as the page's, with words in place of a screen."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from actions.center import client_batches, client_loading, client_spreadsheets
from actions.hands import Hands
from domain.matching.folding import fold
from domain.refusals import Refused
from domain.spreadsheet.batches import MappingView
from domain.spreadsheet.columns import LEFT_OUT, Choices, targets
from domain.spreadsheet.dates import DayOrder
from domain.spreadsheet.fates import Counts, Fate
from domain.spreadsheet.names import NameOrder

Say = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """What was asked for at the console."""

    file: Path
    mapping: Path | None = None
    """JSON: {"columns": {"Surname": "child_last_name"}, "dates": {"DOB": "day_first"}, "names": {}, "words": {}}."""
    dry_run: bool = False
    leave_out_undecided: bool = False
    mending: Path | None = None
    """Where the lines to mend are written."""


def prepare(hands: Hands, wanted: Wanted, say: Say) -> tuple[UUID, Counts]:
    """Read, map and check a file; tells every line that is not simply new."""
    batch = client_spreadsheets.begin(hands, wanted.file.name, _content(wanted.file))
    with hands.looking() as work:
        found = client_spreadsheets.mapping(work, batch)
    try:
        choices = _mapped(found, wanted.mapping) if wanted.mapping else found.choices
        _say_columns(found, choices, say)
        with hands.working() as work:
            client_spreadsheets.choose(work, batch, choices)
    except Refused:
        _drop(hands, batch)
        raise
    client_spreadsheets.check(hands, batch, lambda done, of: say(f"\rLine {done:,} of {of:,}"))
    if wanted.leave_out_undecided:
        with hands.working() as work:
            client_batches.leave_out_undecided(work, batch)
    with hands.looking() as work:
        counts = client_batches.read(work, batch).counts
    _say_fates(hands, batch, counts, say)
    if wanted.mending and (counts.refused or counts.left_out or counts.to_decide):
        with hands.working() as work:
            wanted.mending.write_bytes(client_batches.mending_file(work, batch))
        say(f"\nThe lines to mend are in {wanted.mending}")
    if wanted.dry_run:
        _drop(hands, batch)
    return batch, counts


def load(hands: Hands, batch: UUID) -> str:
    """Load a prepared file; a sentence about what was loaded."""
    loaded = client_loading.load(hands, batch)
    return f"{loaded.count:,} clients were loaded: {loaded.first_number} to {loaded.last_number}."


def _drop(hands: Hands, batch: UUID) -> None:
    with hands.working() as work:
        client_batches.drop(work, batch)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise Refused(f"{file} cannot be read. Give the path of an .xlsx or CSV file.") from None


def _mapped(found: MappingView, file: Path) -> Choices:
    """The choices of a mapping file, by the names of the columns."""
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        columns, dates, names = (_folded(said.get(part, {})) for part in ("columns", "dates", "names"))
        words = {fold(column): _folded(meant) for column, meant in said.get("words", {}).items()}
        codes = tuple(columns.get(fold(one.name), LEFT_OUT) for one in found.columns)
        days = {str(one.place): DayOrder(dates[fold(one.name)]) for one in found.columns if fold(one.name) in dates}
        order = {str(one.place): NameOrder(names[fold(one.name)]) for one in found.columns if fold(one.name) in names}
        meanings = {str(one.place): words[fold(one.name)] for one in found.columns if fold(one.name) in words}
    except (OSError, ValueError, AttributeError) as error:
        raise Refused(f"The mapping file cannot be used: {error}") from None
    unknown = sorted({code for code in codes if code and code not in targets()})
    if unknown:
        raise Refused(
            f"The mapping file names no field of ours: {', '.join(unknown)}. Ours are: {', '.join(targets())}."
        )
    return replace(found.choices, columns=codes, days=days, names={**found.choices.names, **order}, meanings=meanings)


def _folded(said: Mapping[str, str]) -> dict[str, str]:
    return {fold(name): value for name, value in said.items()}


def _say_columns(found: MappingView, choices: Choices, say: Say) -> None:
    for column in found.columns:
        code = choices.columns[column.place]
        say(f"{column.name[:30]:32}{targets()[code].label if code else '(not loaded)'}\n")


def _say_fates(hands: Hands, batch: UUID, counts: Counts, say: Say) -> None:
    say("\n")
    for fate in Fate:
        if counts[fate]:
            say(f"{counts[fate]:8,} {fate.label}\n")
    for fate in (Fate.REFUSED, Fate.TO_DECIDE):
        for page in range(1, 6 if counts[fate] else 1):
            with hands.looking() as work:
                shown = client_batches.lines(work, batch, fate, page)
            if shown.page < page:
                break
            for line in shown.lines:
                say(f"  line {line.line}: {line.problem or (line.other.words if line.other else fate.label)}\n")
    rest = counts.refused + counts.to_decide - 100
    if rest > 0:
        say("  ... and more: give --mending FILE to get every line.\n")
