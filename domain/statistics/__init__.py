"""The numbers: pure functions from event tables to tables; a docstring is the definition that the page shows."""

from domain.statistics.figures import Figure, Section
from domain.statistics.intake import DEFAULT_MAPPING, UNKNOWN, CountingDate, Setup, Told, Unit, counted, gaps
from domain.statistics.intake_sheets import GROUPS as INTAKE_GROUPS
from domain.statistics.intake_sheets import cases_behind, intake_counts, told_of
from domain.statistics.numbers import (
    FEEDS_THE_COUNTS,
    FEEDS_THE_INTAKE,
    agency_sheet,
    desk,
    numbers,
    return_sheets,
    section,
)
from domain.statistics.openings import Opening, asked_of_queue, row_opening
from domain.statistics.parts import Part
from domain.statistics.periods import Period, PeriodKind, compared_at, day_start, last_working_day, period
from domain.statistics.reading import Choice, Reading, Readings, is_chosen, read, readings
from domain.statistics.reports import last_week, said, score_card, sentence, summary
from domain.statistics.rows import behind, part_of
from domain.statistics.sheets import Column, Kind, Shape, Sheet, definition, hidden
from domain.statistics.suppression import ALL
from domain.statistics.tables import COLUMNS, MOMENTS, WORDS, Flags, Tables, clarifications, empty, histories
from domain.statistics.volume import local_days
from domain.statistics.wanted import Wanted, from_address, to_address
from domain.statistics.workbook import MEDIA, workbook

__all__ = [
    "ALL",
    "COLUMNS",
    "DEFAULT_MAPPING",
    "FEEDS_THE_COUNTS",
    "FEEDS_THE_INTAKE",
    "INTAKE_GROUPS",
    "MEDIA",
    "MOMENTS",
    "UNKNOWN",
    "WORDS",
    "Choice",
    "Column",
    "CountingDate",
    "Figure",
    "Flags",
    "Kind",
    "Opening",
    "Part",
    "Period",
    "PeriodKind",
    "Reading",
    "Readings",
    "Section",
    "Setup",
    "Shape",
    "Sheet",
    "Tables",
    "Told",
    "Unit",
    "Wanted",
    "agency_sheet",
    "asked_of_queue",
    "behind",
    "cases_behind",
    "clarifications",
    "compared_at",
    "counted",
    "day_start",
    "definition",
    "desk",
    "empty",
    "from_address",
    "gaps",
    "hidden",
    "histories",
    "intake_counts",
    "is_chosen",
    "last_week",
    "last_working_day",
    "local_days",
    "numbers",
    "part_of",
    "period",
    "read",
    "readings",
    "return_sheets",
    "row_opening",
    "said",
    "score_card",
    "section",
    "sentence",
    "summary",
    "to_address",
    "told_of",
    "workbook",
]
