"""Hiding small numbers in what leaves the house, so that none of them can be worked out from the rest.

A table with totals is a network: what flows into a total flows out of its parts. A hidden number is safe when it could
also have been larger or smaller with every shown number as it is, which is the case exactly when it lies on a cycle
along which hidden numbers can be raised and lowered (security.md T25; the reader is taken to know that a hidden number
is at least 1, and which numbers are shown).
"""

import heapq
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

Cell = tuple[str, str]
"""A row and a column; either may be ALL."""
ALL = "All"


@dataclass(frozen=True)
class Arc:
    """One number of a table, as a flow between two of its sums."""

    cell: Cell
    tail: Hashable
    head: Hashable
    value: int


def hidden_parts(counts: Mapping[str, int], least: int) -> frozenset[str] | None:
    """Which parts of a shown total to hide, so that no part below `least` can be worked out.

    None: no choice of parts is safe (every part is 1, say): show the total alone.
    """
    hidden = {label for label, count in counts.items() if 0 < count < least}
    others = sorted((count, label) for label, count in counts.items() if count >= least)
    while hidden and not _safe(counts, hidden):
        if not others:
            return None
        hidden.add(others.pop(0)[1])
    return frozenset(hidden)


def hidden_cells(counts: Mapping[Cell, int], least: int) -> frozenset[Cell] | None:
    """The same for a table of rows and columns with sums on both sides; the sum of all is never hidden.

    `counts` holds every cell and every sum, a sum under the row or column ALL. None: show the sum of all alone.
    """
    arcs = _arcs(counts)
    hidden = {arc.cell for arc in arcs if 0 < arc.value < least}
    if (ALL, ALL) in hidden:
        return None
    for arc in sorted(arcs, key=lambda each: each.value):
        if arc.cell not in hidden or _can_change(arc, arcs, hidden):
            continue
        cycle = _cheapest_cycle(arc, arcs, hidden)
        if cycle is None:
            return None
        hidden |= cycle
    return frozenset(hidden)


def _safe(counts: Mapping[str, int], hidden: Iterable[str]) -> bool:
    values = [counts[label] for label in hidden]
    return len(values) > 1 and sum(values) > len(values)


def _arcs(counts: Mapping[Cell, int]) -> list[Arc]:
    arcs = []
    for (row, column), value in counts.items():
        if row == ALL and column == ALL:
            arcs.append(Arc((row, column), "out", "in", value))
        elif row == ALL:
            arcs.append(Arc((row, column), "in", ("column", column), value))
        elif column == ALL:
            arcs.append(Arc((row, column), ("row", row), "out", value))
        else:
            arcs.append(Arc((row, column), ("column", column), ("row", row), value))
    return arcs


def _can_change(arc: Arc, arcs: list[Arc], hidden: set[Cell]) -> bool:
    free = [each for each in arcs if each.cell in hidden and each is not arc]
    raised = _reaches(arc.head, arc.tail, free)
    return raised or (arc.value > 1 and _reaches(arc.tail, arc.head, free))


def _reaches(start: Hashable, goal: Hashable, free: list[Arc]) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        node = waiting.pop()
        for arc in free:
            for tail, head, possible in ((arc.tail, arc.head, True), (arc.head, arc.tail, arc.value > 1)):
                if possible and tail == node and head not in seen:
                    seen.add(head)
                    waiting.append(head)
    return goal in seen


def _cheapest_cycle(arc: Arc, arcs: list[Arc], hidden: set[Cell]) -> set[Cell] | None:
    """The cells on the way back from the arc's head to its tail that cost the least to hide; never the sum of all."""
    best: dict[Hashable, int] = {arc.head: 0}
    waiting: list[tuple[int, int, Hashable, frozenset[Cell]]] = [(0, 0, arc.head, frozenset())]
    ticket = 0
    usable = [each for each in arcs if each.value and each is not arc and each.cell != (ALL, ALL)]
    while waiting:
        cost, _, node, way = heapq.heappop(waiting)
        if node == arc.tail:
            return {arc.cell, *way}
        for each in usable:
            price = cost + (0 if each.cell in hidden else each.value)
            for tail, head, possible in ((each.tail, each.head, True), (each.head, each.tail, each.value > 1)):
                if possible and tail == node and price < best.get(head, price + 1):
                    best[head] = price
                    ticket += 1
                    heapq.heappush(waiting, (price, ticket, head, way | {each.cell}))
    return None
