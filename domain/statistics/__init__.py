"""The numbers: pure functions from event tables to tables; a docstring is the definition that the page shows."""

from domain.statistics.figures import Choice, Figure, Opening, Reading, Readings, Section, read, readings
from domain.statistics.intake import DEFAULT_MAPPING, UNKNOWN, CountingDate, Setup, Unit, counted, gaps
from domain.statistics.intake_sheets import intake_counts
from domain.statistics.numbers import agency_sheet, desk, numbers, return_sheets
from domain.statistics.periods import Period, PeriodKind, compared_at, period
from domain.statistics.sheets import Column, Kind, Shape, Sheet, definition, hidden
from domain.statistics.tables import COLUMNS, MOMENTS, Tables, clarifications, histories

__all__ = [
    "COLUMNS",
    "DEFAULT_MAPPING",
    "MOMENTS",
    "UNKNOWN",
    "Choice",
    "Column",
    "CountingDate",
    "Figure",
    "Kind",
    "Opening",
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
    "agency_sheet",
    "clarifications",
    "compared_at",
    "counted",
    "definition",
    "desk",
    "gaps",
    "hidden",
    "histories",
    "intake_counts",
    "numbers",
    "period",
    "read",
    "readings",
    "return_sheets",
]
