"""The numbers: pure functions from event tables to tables; a docstring is the definition that the page shows."""

from domain.statistics.figures import Choice, Figure, Opening, Reading, Readings, Section, read, readings
from domain.statistics.intake import DEFAULT_MAPPING, UNKNOWN, CountingDate, Setup, Unit, counted, gaps
from domain.statistics.intake_sheets import intake_counts
from domain.statistics.numbers import FEEDS_THE_COUNTS, Part, agency_sheet, desk, numbers, return_sheets, section
from domain.statistics.periods import Period, PeriodKind, compared_at, period
from domain.statistics.reports import last_week, said, score_card, sentence, summary
from domain.statistics.sheets import Column, Kind, Shape, Sheet, definition, hidden
from domain.statistics.suppression import ALL
from domain.statistics.tables import COLUMNS, MOMENTS, Tables, clarifications, histories
from domain.statistics.wanted import Wanted, from_address, to_address
from domain.statistics.workbook import MEDIA, workbook

__all__ = [
    "ALL",
    "COLUMNS",
    "DEFAULT_MAPPING",
    "FEEDS_THE_COUNTS",
    "MEDIA",
    "MOMENTS",
    "UNKNOWN",
    "Choice",
    "Column",
    "CountingDate",
    "Figure",
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
    "Unit",
    "Wanted",
    "agency_sheet",
    "clarifications",
    "compared_at",
    "counted",
    "definition",
    "desk",
    "from_address",
    "gaps",
    "hidden",
    "histories",
    "intake_counts",
    "last_week",
    "numbers",
    "period",
    "read",
    "readings",
    "return_sheets",
    "said",
    "score_card",
    "section",
    "sentence",
    "summary",
    "to_address",
    "workbook",
]
