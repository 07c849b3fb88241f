"""How well referrals arrive, what happens with doubles, and whether the sender hears of it."""

from datetime import datetime

import pandas as pd

from domain.number_rows import WAYS
from domain.statistics.speed import FEWEST, first_decision, in_days
from domain.statistics.tables import how_many, standing

SETTLED = ("imported", "merged", "closed")
ALL = "All"


def returned(sent: pd.DataFrame) -> pd.DataFrame:
    """Referrals of the period that were returned to their agency at least once."""
    return sent[sent["returned"] > 0]


def settled(sent: pd.DataFrame) -> pd.DataFrame:
    """Referrals of the period that are imported, merged or closed now."""
    return sent[sent["state"].isin(SETTLED)]


def first_pass(sent: pd.DataFrame) -> pd.DataFrame:
    """Of the referrals of the period that are imported, merged or closed now, those that were never returned."""
    done = settled(sent)
    return done[done["returned"] == 0]


def clarification_time(sent: pd.DataFrame, returns: pd.DataFrame) -> pd.Series:
    """From a return until the agency sent the referral again; each return counts."""
    mine = returns[returns["referral"].isin(sent.index)]
    return mine["ended"] - mine["at"]


def by_agency(sent: pd.DataFrame, returns: pd.DataFrame, missing: pd.Series) -> pd.DataFrame:
    """For each agency: referrals received and returned, the share returned, the share of those imported, merged or
    closed that were never returned (first pass), rounds per referral, median days with the agency per return,
    median days to our first decision, and how many of the questions that feed the intake counts had no answer."""
    scored = pd.DataFrame(
        {
            "agency": sent["agency"],
            "returned": sent["returned"] > 0,
            "settled": sent["state"].isin(SETTLED),
            "first_pass": sent["state"].isin(SETTLED) & (sent["returned"] == 0),
            "rounds": sent["rounds"],
            "decision": in_days(first_decision(sent)),
            "missing": missing.reindex(sent.index),
        }
    )
    lengths = in_days(clarification_time(sent, returns))
    senders = sent["agency"].reindex(returns.loc[lengths.index, "referral"]).array
    clarified = pd.DataFrame({"agency": senders, "length": lengths.array})
    each = _scores(scored, clarified)
    everyone = _scores(_as_one(scored), _as_one(clarified)).reindex([ALL])
    rows = pd.concat([each, everyone]).rename_axis("label").reset_index()
    counts = ["received", "returned", "settled", "first_pass", "clarifications"]
    rows[counts] = rows[counts].fillna(0).astype("int64")
    return rows


def return_reasons(sent: pd.DataFrame, returns: pd.DataFrame) -> pd.DataFrame:
    """Referrals of the period that were returned, by the reason that was chosen. One that was returned for two reasons
    counts in both rows; twice for the same reason, once."""
    return how_many(reason_of(sent, returns))


def returned_fields(sent: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """Questions that returns asked the agency to fix, by how many referrals of the period they were marked in.
    A referral with two marked questions counts in both rows."""
    return how_many(field_of(sent, marks))


def not_accepted(sent: pd.DataFrame) -> pd.DataFrame:
    """Referrals of the period that are closed now, by outcome."""
    return how_many(outcome_of(sent))


def reason_of(sent: pd.DataFrame, returns: pd.DataFrame) -> pd.Series:
    """Each reason for which each referral was returned."""
    mine = returns[returns["referral"].isin(sent.index)]
    return mine.drop_duplicates(["referral", "reason"]).set_index("referral")["reason"]


def field_of(sent: pd.DataFrame, marks: pd.DataFrame) -> pd.Series:
    """Each question that was marked in each referral."""
    mine = marks[marks["referral"].isin(sent.index)]
    return mine.drop_duplicates(["referral", "field"]).set_index("referral")["field"]


def outcome_of(sent: pd.DataFrame) -> pd.Series:
    """The outcome of each referral that is closed now."""
    return sent.loc[sent["state"] == "closed", "reason"]


def clarified(sent: pd.DataFrame, returns: pd.DataFrame) -> pd.DataFrame:
    """Referrals of the period that their agency sent again after a return."""
    return sent[sent.index.isin(returns.loc[returns["ended"].notna(), "referral"])]


def merged(sent: pd.DataFrame) -> pd.DataFrame:
    """Referrals of the period that are merged with another one now, so that the child has one file and not two."""
    return sent[sent["state"] == "merged"]


def imported_to_existing(sent: pd.DataFrame, imports: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Referrals of the period that were imported into the file of a client whom the center already had."""
    mine = _imports(sent, imports, at)
    return sent[sent["result"].isin(mine.loc[~mine["new_client"], "referral"])]


def overridden(sent: pd.DataFrame, imports: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Referrals of the period that were imported as a new client although a strong match was shown, with a reason."""
    mine = _imports(sent, imports, at)
    return sent[sent["result"].isin(mine.loc[mine["overridden"], "referral"])]


def missed(sent: pd.DataFrame, imports: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Referrals of the period whose new client turned out to be one whom the center had: the two files were merged."""
    mine = _imports(sent, imports, at)
    return sent[sent["result"].isin(mine.loc[mine["missed"] <= pd.Timestamp(at), "referral"])]


def duplicates(sent: pd.DataFrame, imports: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """What became of imported referrals: into the file of a known client (a double prevented), as a new client,
    as a new client although a strong match was shown (overridden), as a new client who was known after all (missed)."""
    counted = way_of(sent, imports, at).value_counts()
    return pd.DataFrame(
        {
            "label": list(WAYS.values()),
            "count": [int(counted.get(key, 0)) for key in WAYS],
            "key": pd.Series(list(WAYS), dtype="str"),
        }
    )


def way_of(sent: pd.DataFrame, imports: pd.DataFrame, at: datetime) -> pd.Series:
    """Where each imported referral went: a key of WAYS."""
    mine = _imports(sent, imports, at).drop_duplicates("referral", keep="last").set_index("referral")
    way = pd.Series("new", index=mine.index, dtype="str")
    way[mine["overridden"]] = "overridden"
    way[mine["missed"] <= pd.Timestamp(at)] = "missed"
    way[~mine["new_client"]] = "known"
    here = sent["result"][sent["result"].isin(way.index)]
    return pd.Series(way.reindex(here).to_numpy(), index=here.index, dtype="str")


def outcomes(sent: pd.DataFrame) -> pd.Series:
    """When the center imported or closed each referral of the period: the outcome that its sender should hear of."""
    ended = sent["final_imported"].fillna(sent["final_closed"].where(~sent["final_withdrawn"]))
    return ended.dropna()


def loop_closed(sent: pd.DataFrame, visits: pd.DataFrame, at: datetime) -> pd.Series:
    """From the moment the center imported or closed a referral until somebody of its agency opened it and read how it
    stands. Only what the desk itself showed counts; a phone call is not seen here."""
    ended = outcomes(sent)
    seen = visits[(visits["at"] <= pd.Timestamp(at)) & visits["referral"].isin(ended.index)]
    after = seen[seen["at"] >= ended.reindex(seen["referral"]).array]
    delay: pd.Series = after.groupby("referral")["at"].min().reindex(ended.index) - ended
    return delay


def _imports(sent: pd.DataFrame, imports: pd.DataFrame, at: datetime) -> pd.DataFrame:
    mine = standing(imports, at)
    return mine[mine["referral"].isin(sent["result"])]


def _as_one(lines: pd.DataFrame) -> pd.DataFrame:
    """The same lines as if there were one agency."""
    return lines.assign(agency=pd.Categorical.from_codes([0] * len(lines), pd.Index([ALL])))


def _scores(scored: pd.DataFrame, clarified: pd.DataFrame) -> pd.DataFrame:
    scores = scored.groupby("agency").agg(
        received=("rounds", "size"),
        returned=("returned", "sum"),
        return_rate=("returned", "mean"),
        settled=("settled", "sum"),
        first_pass=("first_pass", "sum"),
        rounds=("rounds", "mean"),
        decided=("decision", "count"),
        decision_median=("decision", "median"),
        missing=("missing", "mean"),
    )
    scores.index = scores.index.astype("str")
    back = clarified.groupby("agency")["length"].agg(["count", "median"])
    back.index = back.index.astype("str")
    back = back.reindex(scores.index)
    scores["first_pass_rate"] = scores["first_pass"] / scores["settled"].where(scores["settled"] > 0)
    scores["clarifications"] = back["count"]
    scores["clarification_median"] = back["median"].where(back["count"] >= FEWEST["median"])
    scores["decision_median"] = scores["decision_median"].where(scores["decided"] >= FEWEST["median"])
    return scores.drop(columns="decided")
