"""Numbers for others than the supervisor: an agency's score card, and the week in sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from domain.statistics.figures import Figure, Section
from domain.statistics.numbers import agency_sheet, return_sheets
from domain.statistics.periods import Period
from domain.statistics.reading import Reading
from domain.statistics.sheets import Kind, Sheet

OF_AN_AGENCY = (
    *("received", "returned", "return_rate", "rounds"),
    *("clarifications", "clarification_median", "decision_median", "missing"),
)
"""What an agency sees of itself: never how many were imported, merged or closed (28 CFR 94.115)."""


def score_card(now: Reading, agencies: Mapping[str, str]) -> tuple[Sheet, ...]:
    """How the referrals of one agency arrive: what came, what was returned and why, and how long it took."""
    scores = agency_sheet(now, agencies)
    own = replace(
        scores,
        title="Score card",
        rows=scores.rows[scores.rows["label"] != "All"].reset_index(drop=True),
        columns=tuple(column for column in scores.columns if column.name in OF_AN_AGENCY),
        definition=(
            "Referrals received and returned, the share returned, rounds per referral, median days with the agency "
            "per return, median days to the center's first decision, and how many of the six questions that feed "
            "the required statistics had no answer, per referral."
        ),
    )
    return own, *return_sheets(now)


def last_week(today: date) -> Period:
    """The last full week, Monday to Sunday."""
    monday = today - timedelta(days=today.weekday() + 7)
    return Period(monday, monday + timedelta(days=6))


def summary(week: Period, sections: Iterable[Section]) -> tuple[str, ...]:
    """The week in sentences: no name, no number of a record, no place."""
    figures = {figure.code: figure for section in sections for figure in section.figures}
    wanted = (
        *("received", "waiting", "overdue", "childs_clock", "with_agencies", "unanswered", "hotline"),
        *("first_decision", "within_3", "return_rate", "merged", "known", "told"),
    )
    return (f"The week of {week.label}.", *(sentence(figures[code]) for code in wanted))


def sentence(figure: Figure) -> str:
    """A figure in words: "Received: 12 (9 the period before)"."""
    before = "" if figure.before is None else f" ({said(figure.before, figure.kind)} the period before)"
    return f"{figure.label}: {said(figure.value, figure.kind)}{before}."


def said(value: float | None, kind: Kind) -> str:
    """A value as people say it; a dash where there is nothing, or too little, to say."""
    if value is None or value != value:
        return "–"
    if kind is Kind.SHARE:
        return f"{value:.0%}"
    if kind is Kind.COUNT:
        return f"{value:,.0f}"
    return f"{value:,.1f} days" if kind is Kind.DAYS else f"{value:,.1f}"
