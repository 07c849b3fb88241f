"""What is on the desk now. Each function gives the rows it counts; its docstring is the page's definition."""

from datetime import datetime, timedelta

import pandas as pd

from domain.queue_filters import HOURS_ALLOWED
from domain.referrals import Urgency


def waiting(folded: pd.DataFrame) -> pd.DataFrame:
    """Referrals that wait for the center now: sent, and not returned, imported, merged, closed or deleted since.
    The result of a merge counts once, its sources do not."""
    return folded[folded["state"] == "submitted"]


def overdue(folded: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Waiting referrals whose desk's clock has run longer than their urgency allows:
    24 hours for an emergency, 3 days for an urgent one, a week for any other."""
    there = waiting(folded)
    allowed = there["urgency"].map({rank: timedelta(hours=hours) for rank, hours in HOURS_ALLOWED.items()})
    return there[pd.Timestamp(at) - there["desk_clock"] > pd.to_timedelta(allowed)]


def emergencies(folded: pd.DataFrame) -> pd.DataFrame:
    """Waiting referrals that were sent as an emergency."""
    there = waiting(folded)
    return there[there["urgency"] == Urgency.EMERGENCY.rank]


def unassigned(folded: pd.DataFrame) -> pd.DataFrame:
    """Waiting referrals that nobody has taken."""
    there = waiting(folded)
    return there[~there["assigned"]]


def with_agencies(folded: pd.DataFrame) -> pd.DataFrame:
    """Referrals that were returned to their agency and have not come back yet. The desk's clock stands still."""
    return folded[folded["state"] == "rejected"]


def hotline_not_settled(folded: pd.DataFrame) -> pd.DataFrame:
    """Waiting referrals whose sender made no hotline report, and nobody has since."""
    there = waiting(folded)
    return there[there["hotline_open"]]


def arrived(folded: pd.DataFrame, since: datetime) -> pd.DataFrame:
    """Referrals that came since the last working day began, whatever became of them. Working days are Monday to Friday;
    holidays are not known here."""
    return folded[(folded["received"] >= pd.Timestamp(since)) & (folded["state"] != "deleted")]


def emergencies_since(folded: pd.DataFrame, since: datetime) -> pd.DataFrame:
    """Referrals sent as an emergency since the last working day began; each says who was called."""
    came = arrived(folded, since)
    return came[came["urgency"] == Urgency.EMERGENCY.rank]


def nobody_called(folded: pd.DataFrame, since: datetime) -> pd.DataFrame:
    """Emergencies since the last working day in which the sender reached nobody on the center's on-call number."""
    came = emergencies_since(folded, since)
    return came[came["nobody_called"]]


def at_home(folded: pd.DataFrame, safety: pd.DataFrame) -> pd.DataFrame:
    """Waiting referrals in which an alleged offender can reach the child now, and no safety plan is named."""
    there = waiting(folded)
    reach = safety[(safety["field"] == "ao_access") & (safety["code"] == "yes")]["referral"]
    plan = safety[safety["field"] == "safety_plan"]["referral"]
    return there[there.index.isin(reach) & ~there.index.isin(plan)]


def urgent_unanswered(folded: pd.DataFrame, questions: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Waiting emergencies and urgent referrals with a question that their agency has not answered."""
    asked = unanswered(folded, questions, at)
    return asked[asked["urgency"] <= Urgency.URGENT.rank]


def unanswered(folded: pd.DataFrame, questions: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Waiting referrals with a question that their agency has not answered."""
    there = waiting(folded)
    asked = questions[(questions["asked"] <= pd.Timestamp(at)) & ~(questions["answered"] <= pd.Timestamp(at))]
    return there[there.index.isin(asked["referral"])]


def childs_clock(folded: pd.DataFrame, at: datetime) -> pd.Series:
    """How long a child has waited: since the referral was first sent, whoever had it in the meantime.
    The longest of all waiting referrals is shown."""
    return pd.Timestamp(at) - waiting(folded)["child_clock"]


def desks_clock(folded: pd.DataFrame, at: datetime) -> pd.Series:
    """How long the center has kept a referral waiting: since it last came to the center.
    The longest of all waiting referrals is shown."""
    return pd.Timestamp(at) - waiting(folded)["desk_clock"]


def by_urgency(folded: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Waiting referrals by the urgency that the sender gave, with how many of them are overdue or unassigned,
    and the longest child's clock and desk's clock among them in days."""
    there = waiting(folded)
    late, free = overdue(folded, at), unassigned(folded)
    rows = []
    for urgency in Urgency:
        mine = there["urgency"] == urgency.rank
        rows.append(
            {
                "urgency": urgency.label,
                "key": urgency.value,
                "waiting": int(mine.sum()),
                "overdue": int((late["urgency"] == urgency.rank).sum()),
                "unassigned": int((free["urgency"] == urgency.rank).sum()),
                "oldest_child": _days(childs_clock(folded, at)[mine].max()),
                "oldest_desk": _days(desks_clock(folded, at)[mine].max()),
            }
        )
    return pd.DataFrame(rows)


def _days(length: "pd.Timedelta") -> float:
    return length / pd.Timedelta(days=1)
