"""Which referrals stand behind each number: the same picking that counts them, so that a number opens just its rows."""

from collections.abc import Callable

import pandas as pd

from domain.statistics import quality, speed, volume, waiting
from domain.statistics.parts import Part
from domain.statistics.reading import Reading

Pick = Callable[[Reading], pd.DataFrame]
Group = Callable[[Reading], pd.Series]


def behind(it: Reading, named: str) -> pd.Index:
    """The referrals behind a name of the register (domain.number_rows), each once."""
    table, row, key = named.partition("~")
    if not row:
        return FIGURES[named](it).index
    groups = TABLES[table](it)
    return groups.index[(groups.astype("str") == key).to_numpy()].unique()


def ages_at_arrival(it: Reading) -> pd.Series:
    """Full years of each child on the day of arrival."""
    mine = it.tables.facts[it.tables.facts["referral"].isin(it.sent.index)]
    births = mine[mine["field"] == "child_dob"].drop_duplicates("referral").set_index("referral")["on"]
    guesses = mine[mine["field"] == "child_age_years"].drop_duplicates("referral").set_index("referral")["code"]
    days = volume.local_days(it.sent["received"], it.zone)
    return volume.ages_on(births.reindex(it.sent.index), guesses.reindex(it.sent.index), days)


def _reached(milestone: str) -> Pick:
    return lambda it: speed.reached(it.milestones[milestone], it.sent)


def _waiting_still(it: Reading) -> pd.Series:
    parts = {key: speed.still_open(length, it.sent).index for key, length in it.milestones.items()}
    return pd.concat([pd.Series(key, index=index, dtype="str") for key, index in parts.items()])


def _reached_each(it: Reading) -> pd.Series:
    parts = {key: length.dropna().index for key, length in it.milestones.items()}
    return pd.concat([pd.Series(key, index=index, dtype="str") for key, index in parts.items()])


def _told(it: Reading) -> pd.DataFrame:
    return it.sent.loc[it.delays.dropna().index]


def _loop(it: Reading) -> pd.Series:
    return it.delays.notna().map({True: "opened", False: "not_opened"})


FIGURES: dict[str, Pick] = {
    "received": lambda it: it.sent,
    "in_the_bin": lambda it: it.binned,
    "arrived": lambda it: waiting.arrived(it.folded, it.since),
    "emergencies_since": lambda it: waiting.emergencies_since(it.folded, it.since),
    "nobody_called": lambda it: waiting.nobody_called(it.folded, it.since),
    "at_home": lambda it: waiting.at_home(it.folded, it.tables.safety),
    "urgent_unanswered": lambda it: waiting.urgent_unanswered(it.folded, it.tables.questions, it.at),
    "settled": lambda it: quality.settled(it.sent),
    "return_rate": lambda it: quality.returned(it.sent),
    "first_pass": lambda it: quality.first_pass(it.sent),
    "clarification": lambda it: quality.clarified(it.sent, it.returns),
    "first_look": _reached("first_look"),
    "first_decision": _reached("first_decision"),
    "imported": _reached("imported"),
    "imported_net": _reached("imported"),
    "within_1": lambda it: speed.decided_in(it.sent, 1),
    "within_3": lambda it: speed.decided_in(it.sent, 3),
    "within_7": lambda it: speed.decided_in(it.sent, 7),
    "known": lambda it: quality.imported_to_existing(it.sent, it.tables.imports, it.at),
    "merged": lambda it: quality.merged(it.sent),
    "overridden": lambda it: quality.overridden(it.sent, it.tables.imports, it.at),
    "missed": lambda it: quality.missed(it.sent, it.tables.imports, it.at),
    "told": _told,
    "told_days": _told,
}
TABLES: dict[str, Group] = {
    "agency": lambda it: it.sent["agency"],
    "county": lambda it: it.sent["county"],
    "type": lambda it: it.sent["type"],
    "week": lambda it: volume.week_of(it.sent, it.zone),
    "weekday": lambda it: volume.weekday_of(it.sent, it.zone),
    "hour": lambda it: volume.hour_of(it.sent, it.zone),
    "concern": lambda it: volume.concern_of(it.sent, it.tables.facts),
    "origin": lambda it: it.sent["origin"],
    "apart": lambda it: volume.apart_of(it.sent, it.tables.facts, ages_at_arrival(it)),
    "decided_within": lambda it: speed.band_of(it.sent),
    "speed": _reached_each,
    "still_open": _waiting_still,
    "return_reasons": lambda it: quality.reason_of(it.sent, it.returns),
    "returned_fields": lambda it: quality.field_of(it.sent, it.tables.marks),
    "not_accepted": lambda it: quality.outcome_of(it.sent),
    "duplicates": lambda it: quality.way_of(it.sent, it.tables.imports, it.at),
    "loop": _loop,
}


PARTS: dict[Part, tuple[str, ...]] = {
    Part.NOW: ("arrived", "emergencies_since", "nobody_called", "at_home", "urgent_unanswered"),
    Part.SPEED: (
        *("first_look", "first_decision", "imported", "imported_net", "within_1", "within_3", "within_7"),
        *("decided_within", "speed", "still_open"),
    ),
    Part.QUALITY: (
        *("settled", "return_rate", "first_pass", "clarification"),
        *("return_reasons", "returned_fields", "not_accepted"),
    ),
    Part.DUPLICATES: ("known", "merged", "overridden", "missed", "duplicates"),
    Part.VOLUME: (
        *("received", "in_the_bin", "agency", "county", "type", "week", "weekday", "hour"),
        *("concern", "origin", "apart"),
    ),
    Part.LOOP: ("told", "told_days", "loop"),
}
"""The part of the page that each name belongs to, and so which tables it is counted from."""


def part_of(named: str) -> Part:
    """The part of the page that a name belongs to."""
    code = named.partition("~")[0]
    return next(part for part, codes in PARTS.items() if code in codes)
