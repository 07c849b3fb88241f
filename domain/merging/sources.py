"""Who said what: the referrals, or the files of clients, that a merge draws on, and the answers that they gave."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import fields
from domain.fields import Answers, Field, Kind, ReferralType
from domain.matching import folding


@dataclass(frozen=True)
class Source:
    """One referral of a merge: its number, its agency, and who wrote its answers when.

    `of_merge` is set for a source that is the result of an earlier merge: its texts name their agencies already.
    `of_file` is set for a client's file, which has no agency and no type.
    """

    number: str
    agency: str
    by: str
    at: datetime
    kind: ReferralType
    answers: Answers
    of_merge: bool = False
    of_file: bool = False

    @property
    def name(self) -> str:
        """ "County Sheriff (R-26-0041)"."""
        return f"{self.agency} ({self.number})" if self.agency else self.number


@dataclass(frozen=True)
class Said:
    """One answer, and the positions of the sources that gave it."""

    value: Any
    sources: tuple[int, ...]

    @property
    def newest(self) -> int:
        return self.sources[-1]


def said(field: Field, values: Sequence[Any]) -> list[Said]:
    """The different answers in the order of the sources, without blanks; the same answer once, with all its sources."""
    found: dict[str, Said] = {}
    for place, value in enumerate(values):
        if not fields.is_blank(value):
            key = sameness(field, value)
            first = found.get(key, Said(value, ()))
            found[key] = Said(first.value, (*first.sources, place))
    return list(found.values())


def sameness(field: Field, value: Any) -> str:
    """A text that is equal for two answers that say the same: blanks, and the spelling of numbers, do not count."""
    if isinstance(value, str):
        return _plain(field, value)
    if isinstance(value, list):
        return json.dumps(sorted(sameness(field, each) for each in value if not fields.is_blank(each)))
    return json.dumps(value, sort_keys=True, default=str)


def _plain(field: Field, text: str) -> str:
    closed = " ".join(text.split())
    if field.kind is Kind.PHONE:
        return folding.phone(text) or closed
    if field.kind in (Kind.IDENTIFIER, Kind.ZIP, Kind.EMAIL):
        return closed.replace(" ", "").casefold()
    return closed


def listed(names: Iterable[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    each = list(names)
    return " and ".join(part for part in (", ".join(each[:-1]), *each[-1:]) if part)


def agencies(sources: Sequence[Source], places: Iterable[int]) -> str:
    """The sources at these positions by agency, with numbers where two share one agency."""
    chosen = [sources[place] for place in places]
    alone = [source for source in sources if source.agency]
    unique = len({source.agency for source in alone}) == len(sources)
    return listed(source.agency if unique else source.name for source in chosen)
