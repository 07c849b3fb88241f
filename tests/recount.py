"""A plain, slow recount of every figure over the event rows. It imports nothing of the product, on purpose."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

HOURS = {0: 24, 1: 72, 2: 168, 9: 168}
DAY = 86_400.0


class Recount:
    """The figures of one set of event rows as of one moment, for the referrals that arrived from `start` to `end`."""

    def __init__(self, world, at, first, last, zone, chosen=None):
        self.world, self.at, self.zone = world, at, zone
        self.first, self.last = first, last
        self.chosen = chosen or {}
        self.steps = {one["referral"]: [] for one in world["referrals"]}
        for step in world["changes"]:
            if step["at"] <= at:
                self.steps[step["referral"]].append(step)
        self.about = {one["referral"]: one for one in world["referrals"]}
        self.known = [key for key in self.steps if self.steps[key]]
        self.desk = [key for key in self.known if self._is_chosen(key)]
        arrived = [key for key in self.desk if self._arrived_here(key)]
        self.sent = [key for key in arrived if self.state(key) != "deleted"]
        self.binned = [key for key in arrived if self.state(key) == "deleted"]

    def _is_chosen(self, key):
        return all(self.about[key][name] == wanted for name, wanted in self.chosen.items())

    def _arrived_here(self, key):
        moment = self.arrival(key)
        return moment is not None and self.first <= moment.astimezone(self.zone).date() <= self.last

    # One referral at a time.

    def state(self, key):
        return self.steps[key][-1]["after"]

    def arrival(self, key):
        return next((step["at"] for step in self.steps[key] if step["step"] == "submit"), None)

    def last_came(self, key):
        came = [step["at"] for step in self.steps[key] if step["step"] in ("submit", "resubmit")]
        return came[-1] if came else None

    def end_of(self, key):
        """The referral that this one stands merged into at last."""
        for merge in self.world["merges"]:
            undone = merge["undone"] is not None and merge["undone"] <= self.at
            if merge["source"] == key and merge["made"] <= self.at and not undone:
                return self.end_of(merge["result"])
        return key

    def clock(self, key, moment_of):
        own = moment_of(key)
        if own is not None:
            return own
        sources = [moment_of(other) for other in self.known if other != key and self.end_of(other) == key]
        return min(moment for moment in sources if moment is not None)

    def settled_at(self, key):
        """When the center imported or closed it, or the result it ended in; None for a withdrawal."""
        last = self.steps[self.end_of(key)][-1]
        return last["at"] if last["after"] in ("imported", "closed") and last["step"] != "withdraw" else None

    def imported_at(self, key):
        last = self.steps[self.end_of(key)][-1]
        return last["at"] if last["after"] == "imported" else None

    def decided_at(self, key):
        decisions = ("reject", "import", "merge", "close", "delete")
        return next((step["at"] for step in self.steps[key] if step["step"] in decisions), None)

    def looked_at(self, key):
        moments = [look["at"] for look in self.world["looks"] if look["referral"] == key and look["at"] <= self.at]
        theirs = ("submit", "resubmit", "withdraw")
        moments += [step["at"] for step in self.steps[key] if step["step"] not in theirs]
        return min(moments) if moments else None

    def with_agency(self, key):
        total = 0.0
        for place, step in enumerate(self.steps[key]):
            if step["after"] == "rejected":
                later = self.steps[key][place + 1 :]
                total += ((later[0]["at"] if later else self.at) - step["at"]).total_seconds()
        return total

    def returns_of(self, key):
        return [step for step in self.steps[key] if step["step"] == "reject"]

    def import_of(self, key):
        end = self.end_of(key)
        for one in self.world["imports"]:
            undone = one["undone"] is not None and one["undone"] <= self.at
            if one["referral"] == end and one["made"] <= self.at and not undone:
                return one
        return None

    def is_missed(self, one):
        return one["missed"] is not None and one["missed"] <= self.at

    def way_of(self, key):
        one = self.import_of(key)
        if one is None:
            return None
        if not one["new_client"]:
            return "known"
        if self.is_missed(one):
            return "missed"
        return "overridden" if one["overridden"] else "new"

    def age_at_arrival(self, key):
        facts = [one for one in self.world["facts"] if one["referral"] == key]
        day = self.arrival(key).astimezone(self.zone).date()
        for one in facts:
            if one["field"] == "child_dob":
                return age(date.fromisoformat(one["on"]), day)
        return next((int(one["code"]) for one in facts if one["field"] == "child_age_years"), None)

    def apart_of(self, key):
        if any(one["referral"] == key and one["field"] == "courtesy_for" for one in self.world["facts"]):
            yield "courtesy"
        if (self.age_at_arrival(key) or 0) >= 18:
            yield "adult"

    def last_working_day(self):
        day = self.at.astimezone(self.zone).date() - timedelta(days=1)
        while day.strftime("%A") in ("Saturday", "Sunday"):
            day -= timedelta(days=1)
        return datetime(day.year, day.month, day.day, tzinfo=self.zone)

    # All of them.

    def figures(self):
        waiting = [key for key in self.desk if self.state(key) == "submitted"]
        child = [self.days(self.clock(key, self.arrival), self.at) for key in waiting]
        desk = {key: self.days(self.clock(key, self.last_came), self.at) for key in waiting}
        asked = {
            one["referral"]
            for one in self.world["questions"]
            if one["asked"] <= self.at and not (one["answered"] and one["answered"] <= self.at)
        }
        imports = {key: self.import_of(key) for key in self.sent}
        returned = [key for key in self.sent if self.returns_of(key)]
        settled = [key for key in self.sent if self.state(key) in ("imported", "merged", "closed")]
        told = self.told()
        since = self.last_working_day()
        fresh = [
            key
            for key in self.desk
            if self.arrival(key) and self.arrival(key) >= since and self.state(key) != "deleted"
        ]
        sirens = [key for key in fresh if self.about[key]["urgency"] == 0]
        reach = {one["referral"] for one in self.world["safety"] if (one["field"], one["code"]) == ("ao_access", "yes")}
        planned = {one["referral"] for one in self.world["safety"] if one["field"] == "safety_plan"}
        found = {
            "arrived": len(fresh),
            "emergencies_since": len(sirens),
            "nobody_called": sum(self.about[key]["nobody_called"] for key in sirens),
            "at_home": sum(key in reach and key not in planned for key in waiting),
            "urgent_unanswered": sum(key in asked and self.about[key]["urgency"] in (0, 1) for key in waiting),
            "waiting": len(waiting),
            "overdue": sum(desk[key] * 24 > HOURS[self.about[key]["urgency"]] for key in waiting),
            "emergencies": sum(self.about[key]["urgency"] == 0 for key in waiting),
            "unassigned": sum(not self.about[key]["assigned"] for key in waiting),
            "with_agencies": sum(self.state(key) == "rejected" for key in self.desk),
            "unanswered": sum(key in asked for key in waiting),
            "hotline": sum(self.about[key]["hotline_open"] for key in waiting),
            "childs_clock": max(child, default=None),
            "desks_clock": max(desk.values(), default=None),
            "first_look": median(self.looks()),
            "first_decision": median(self.lengths(self.decided_at)),
            "imported": median(self.lengths(self.imported_at)),
            "imported_net": median(self.lengths(self.imported_at, net=True)),
            "return_rate": share(len(returned), len(self.sent)),
            "first_pass": share(sum(key not in returned for key in settled), len(settled)),
            "clarification": median(self.clarified(self.sent)),
            "known": sum(bool(one) and not one["new_client"] for one in imports.values()),
            "merged": sum(self.state(key) == "merged" for key in self.sent),
            "overridden": sum(bool(one) and one["overridden"] for one in imports.values()),
            "missed": sum(bool(one) and self.is_missed(one) for one in imports.values()),
            "received": len(self.sent),
            "in_the_bin": len(self.binned),
            "told": share(sum(delay is not None for delay in told.values()), len(told)),
            "told_days": median([delay for delay in told.values() if delay is not None]),
        }
        for days in (1, 3, 7):
            found[f"within_{days}"] = self.within(days)
        return found

    def within(self, days):
        inside = of = 0
        for key in self.sent:
            decided = self.decided_at(key)
            length = decided and self.days(self.arrival(key), decided)
            if decided or self.days(self.arrival(key), self.at) >= days:
                of += 1
                inside += decided is not None and length <= days
        return share(inside, of)

    def looks(self):
        mine = [key for key in self.sent if self.about[key]["origin"] != "staff"]
        return [self.days(self.arrival(key), self.looked_at(key)) for key in mine if self.looked_at(key)]

    def lengths(self, moment_of, *, net=False):
        found = []
        for key in self.sent:
            if moment_of(key) is not None:
                found.append(self.days(self.arrival(key), moment_of(key)) - net * self.with_agency(key) / DAY)
        return found

    def still_open(self, moment_of, keys=None):
        return [
            self.days(self.arrival(key), self.at)
            for key in (self.sent if keys is None else keys)
            if moment_of(key) is None and self.state(self.end_of(key)) in ("submitted", "rejected")
        ]

    def clarified(self, keys):
        found = []
        for key in keys:
            for place, step in enumerate(self.steps[key]):
                following = self.steps[key][place + 1 :]
                if step["step"] == "reject" and following and following[0]["step"] == "resubmit":
                    found.append(self.days(step["at"], following[0]["at"]))
        return found

    def told(self):
        found = {}
        for key in self.sent:
            ended = self.settled_at(key)
            if ended is None:
                continue
            seen = [
                visit["at"]
                for visit in self.world["visits"]
                if visit["referral"] == key and ended <= visit["at"] <= self.at
            ]
            found[key] = self.days(ended, min(seen)) if seen else None
        return found

    # Tables.

    def counts(self):
        local = {key: self.arrival(key).astimezone(self.zone) for key in self.sent}
        concerns = [
            {
                one["code"]
                for one in self.world["facts"]
                if one["referral"] == key and one["field"] == "allegation_types"
            }
            for key in self.sent
        ]
        return {
            "week": Counter(str(local[key].date() - timedelta(days=local[key].weekday())) for key in self.sent),
            "agency": Counter(self.about[key]["agency"] for key in self.sent),
            "county": Counter(self.about[key]["county"] for key in self.sent),
            "type": Counter(self.about[key]["type"] for key in self.sent),
            "origin": Counter(self.about[key]["origin"] for key in self.sent),
            "weekday": Counter(str(local[key].weekday()) for key in self.sent),
            "hour": Counter(str(local[key].hour) for key in self.sent),
            "apart": Counter(part for key in self.sent for part in self.apart_of(key)),
            "duplicates": Counter(self.way_of(key) for key in self.sent if self.way_of(key)),
            "loop": Counter("opened" if delay is not None else "not_opened" for delay in self.told().values()),
            "concern": Counter(code for codes in concerns for code in (codes or {""})),
            "return_reasons": Counter(
                reason for key in self.sent for reason in {step["reason"] for step in self.returns_of(key)}
            ),
            "returned_fields": Counter(
                field
                for key in self.sent
                for field in {
                    mark["field"] for mark in self.world["marks"] if mark["referral"] == key and mark["at"] <= self.at
                }
            ),
            "not_accepted": Counter(self.steps[key][-1]["reason"] for key in self.sent if self.state(key) == "closed"),
            "decided_within": Counter(self.band(key) for key in self.sent),
        }

    def band(self, key):
        decided = self.decided_at(key)
        if decided is None:
            return "none"
        length = self.days(self.arrival(key), decided)
        if length <= 1:
            return "within_1"
        if length <= 3:
            return "within_3"
        return "within_7" if length <= 7 else "longer"

    def agencies(self):
        found = {}
        for name in sorted({self.about[key]["agency"] for key in self.sent}):
            found[name] = self.agency([key for key in self.sent if self.about[key]["agency"] == name])
        return {**found, "All": self.agency(self.sent)}

    def agency(self, keys):
        returned = [key for key in keys if self.returns_of(key)]
        settled = [key for key in keys if self.state(key) in ("imported", "merged", "closed")]
        rounds = [sum(step["step"] in ("submit", "resubmit") for step in self.steps[key]) for key in keys]
        decided = [self.days(self.arrival(key), self.decided_at(key)) for key in keys if self.decided_at(key)]
        answered = {one["referral"]: one["count"] for one in self.world["answered"]}
        missing = [6 - answered.get(key, 0) for key in keys]
        return {
            "missing": sum(missing) / len(missing) if missing else None,
            "received": len(keys),
            "returned": len(returned),
            "return_rate": share(len(returned), len(keys)),
            "settled": len(settled),
            "first_pass": sum(key not in returned for key in settled),
            "first_pass_rate": share(sum(key not in returned for key in settled), len(settled)),
            "rounds": sum(rounds) / len(rounds) if rounds else None,
            "clarifications": len(self.clarified(keys)),
            "clarification_median": median(self.clarified(keys)),
            "decision_median": median(decided),
        }

    def speed(self):
        rest = [key for key in self.sent if self.about[key]["origin"] != "staff"]
        return {
            "First look": self.line(self.looks(), self.still_open(self.looked_at, rest)),
            "First decision": self.line(self.lengths(self.decided_at), self.still_open(self.decided_at)),
            "Imported or closed": self.line(self.lengths(self.settled_at), self.still_open(self.settled_at)),
            "Imported or closed, without the agency's time": self.line(
                self.lengths(self.settled_at, net=True), self.still_open(self.settled_at)
            ),
            "Imported": self.line(self.lengths(self.imported_at), self.still_open(self.imported_at)),
            "Imported, without the agency's time": self.line(
                self.lengths(self.imported_at, net=True), self.still_open(self.imported_at)
            ),
        }

    def line(self, lengths, still_open):
        return {
            "n": len(lengths),
            "median": median(lengths),
            "p90": quantile(lengths, 0.9, fewest=5),
            "p95": quantile(lengths, 0.95, fewest=20),
            "open": len(still_open),
            "oldest": max(still_open, default=None),
        }

    @staticmethod
    def days(start, end):
        return (end.astimezone(UTC) - start.astimezone(UTC)).total_seconds() / DAY


def share(part, whole):
    return part / whole if whole else None


def median(lengths):
    return quantile(lengths, 0.5, fewest=5)


def quantile(lengths, at, *, fewest):
    """Linear between the two nearest ranks; nothing for too few."""
    if len(lengths) < fewest:
        return None
    ordered = sorted(lengths)
    place = (len(ordered) - 1) * at
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def age(born: date, on: date) -> int:
    """Full years, the plain way: count birthdays; one of February 29 falls on March 1 where there is none."""
    years = 0
    while True:
        try:
            birthday = born.replace(year=born.year + years + 1)
        except ValueError:
            birthday = date(born.year + years + 1, 3, 1)
        if birthday > on:
            return years
        years += 1


def moment(*parts) -> datetime:
    return datetime(*parts, tzinfo=UTC)
