"""Numbers on a page: cards with their meaning, tables, and charts with a description in words."""

from collections.abc import Callable
from urllib.parse import quote, urlencode

import altair as alt
import pandas as pd
import streamlit as st

from domain.number_rows import row_name
from domain.queue_filters import to_address
from domain.statistics import (
    INTAKE_GROUPS,
    Choice,
    Column,
    Figure,
    Kind,
    Section,
    Sheet,
    asked_of_queue,
    row_opening,
    said,
)
from widgets.memory import memory
from widgets.ways import QUEUE
from widgets.words import safe

CARD = 250
NARROW = 390
WIDEST_NARROW = 2
"""Tables with at most so many columns stand side by side."""
LONG = 12
"""A table with more rows opens on request, below its chart."""
CHARTED = {"week", "hour", "weekday", "concern", "decided_within", "agency"}
MOST_BARS = 25
ROWS = "rows"
"""What of an address names the intake count whose records are listed."""
# One blue of middle darkness: it keeps 3:1 against a white and a near-black page, and hue carries no meaning.
BAR = "#3f7cc4"

RowLink = Callable[[Sheet, str, str], str]
"""The address behind one number of a table, by the key of its row and the name of its column; empty for none."""


def section_part(section: Section, choice: Choice, *, links: bool) -> None:
    """A section with its heading, its cards and its tables; `links` when the person may open the queue."""
    st.header(section.title, anchor=section.code)
    if section.figures:
        with st.container(horizontal=True, gap="small"):
            for figure in section.figures:
                figure_card(figure, choice, links=links)
    link = row_link(choice) if links else None
    wide = [sheet for sheet in section.sheets if len(sheet.columns) > WIDEST_NARROW]
    narrow = [sheet for sheet in section.sheets if len(sheet.columns) <= WIDEST_NARROW]
    for sheet in wide:
        sheet_part(sheet, link)
    with st.container(horizontal=True, gap="medium"):
        for sheet in narrow:
            with st.container(width=NARROW):
                sheet_part(sheet, link)


def figure_card(figure: Figure, choice: Choice, *, links: bool) -> None:
    """One number with what it rests on, what it was before, what it means, and the way to its rows."""
    with st.container(border=True, width=CARD, height="stretch", gap="xsmall"):
        before = None if figure.before is None else f"{said(figure.before, figure.kind)} the period before"
        st.metric(figure.label, said(figure.value, figure.kind), before, delta_color="off", delta_arrow="off")
        rests_on = "" if figure.n is None else f"n = {figure.n}. "
        st.caption(rests_on + figure.definition)
        if links and figure.code in INTAKE_GROUPS and figure.value:
            st.markdown(f"[Open: {safe(figure.label)}]({_records_address(choice, figure.code, '')})")
        if links and figure.opens:
            st.page_link(
                QUEUE,
                label=f"Open: {figure.label}",
                icon=":material/arrow_forward:",
                query_params=to_address(asked_of_queue(figure.opens, choice)),
            )


def sheet_part(sheet: Sheet, link: RowLink | None = None) -> None:
    """A table with its title and meaning, and its chart where one helps."""
    st.subheader(sheet.title, anchor=False)
    st.caption(sheet.definition)
    if sheet.note:
        st.markdown(f":material/visibility_off: {sheet.note}")
    if sheet.is_empty and not sheet.note:
        st.markdown(f"No {sheet.of} in this period.")
    elif not sheet.rows.empty:
        if sheet.code in CHARTED:
            sheet_chart(sheet)
        table = as_shown(sheet, link)
        long = len(table) > LONG and not memory().all_tables_open
        with st.expander(f"Every number of: {sheet.title}") if long else st.container():
            st.table(table, hide_index=True, alt=f"{sheet.title}. {sheet.definition}")


def as_shown(sheet: Sheet, link: RowLink | None = None) -> pd.DataFrame:
    """The table in words: every cell a text, other people's words with no effect."""
    shown = {safe(sheet.title): [safe(str(label)) for label in sheet.rows["label"]]}
    for column in sheet.columns:
        shown[column.title] = [_cell(value, column, hides=bool(sheet.note)) for value in sheet.rows[column.name]]
    if link and "key" in sheet.rows:
        for column in sheet.columns:
            cells = zip(sheet.rows["key"], shown[column.title], strict=True)
            shown[column.title] = [_linked(cell, link(sheet, str(key), column.name)) for key, cell in cells]
    return pd.DataFrame(shown)


def sheet_chart(sheet: Sheet) -> None:
    """The counts as bars; the description says the same in words, and the table below says it in full."""
    drawn = sheet.rows.dropna(subset=["count"]).head(MOST_BARS)
    if drawn.empty:
        return
    bars = pd.DataFrame({"label": drawn["label"].astype(str).str.slice(0, 40), "count": drawn["count"].astype(int)})
    upright = sheet.code in {"week", "hour", "weekday"}
    along = (
        alt.X("label:N", sort=None, title=None)
        if upright
        else alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=180, labelOverlap=False))
    )
    height = alt.Y("count:Q", title=sheet.columns[0].title, axis=alt.Axis(tickMinStep=1, format="d"))
    length = alt.X("count:Q", title=sheet.columns[0].title, axis=alt.Axis(tickMinStep=1, format="d"))
    ways = {"x": along, "y": height} if upright else {"x": length, "y": along}
    tooltip = [alt.Tooltip("label:N", title=" "), alt.Tooltip("count:Q", title=sheet.columns[0].title)]
    chart = alt.Chart(bars).mark_bar(color=BAR).encode(**ways, tooltip=tooltip)
    st.altair_chart(chart.properties(height=200 if upright else 60 + 26 * len(bars)), alt=_description(sheet))


def _description(sheet: Sheet) -> str:
    known = sheet.rows.dropna(subset=["count"])
    top = known.sort_values("count", ascending=False).iloc[0]
    return (
        f"Bar chart: {sheet.title}. All {sheet.of}: {sheet.total}. "
        f"The most, {int(top['count'])}, are at {top['label']}. The table below holds every number."
    )


def _cell(value: object, column: Column, *, hides: bool) -> str:
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return "hidden" if hides and column.kind is Kind.COUNT else "–"
    number = float(value)  # type: ignore[arg-type]
    return f"{number:,.1f}" if column.kind is Kind.DAYS else said(number, column.kind)


def _linked(cell: str, address: str) -> str:
    return f"[{cell}]({address})" if address and cell not in ("0", "–") else cell


def row_link(choice: Choice) -> RowLink:
    """The way from each number of a table to its rows."""

    def address(sheet: Sheet, key: str, column: str) -> str:
        if sheet.code in INTAKE_GROUPS:
            return _records_address(choice, sheet.code, key) if column == "count" else ""
        opens = row_opening(sheet.code, key, column)
        if opens is None:
            return ""
        parts = to_address(asked_of_queue(opens, choice))
        return "queue?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in parts.items())

    return address


def _records_address(choice: Choice, code: str, key: str) -> str:
    """The same page with the list of the records behind a row of the intake counts."""
    period = {"period": "any", "first": choice.period.first.isoformat(), "last": choice.period.last.isoformat()}
    narrowed = {"agency": choice.agency, "county": choice.county, "type": choice.type}
    parts = {"part": "intake", **period, **{name: value for name, value in narrowed.items() if value}}
    return "statistics?" + urlencode({**parts, ROWS: row_name(code, key)}, quote_via=quote)
