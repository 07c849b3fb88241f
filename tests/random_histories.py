"""Random lives of referrals as plain event rows: returned, merged, undone, restored, across clock changes."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

STEPS = {
    ("submitted", "reject"): "rejected",
    ("rejected", "resubmit"): "submitted",
    ("submitted", "import"): "imported",
    ("imported", "undo_import"): "submitted",
    ("submitted", "close"): "closed",
    ("rejected", "close"): "closed",
    ("submitted", "withdraw"): "closed",
    ("rejected", "withdraw"): "closed",
    ("closed", "reopen"): "back",
    ("submitted", "delete"): "deleted",
    ("rejected", "delete"): "deleted",
    ("deleted", "restore"): "back",
}
REASONS = {"reject": ("missing_information", "unclear"), "close": ("not_eligible", "consult_only")}
STARTS = (
    datetime(2025, 3, 8, 20, tzinfo=UTC),  # clocks go forward in the night
    datetime(2025, 11, 1, 22, tzinfo=UTC),  # clocks go back in the night
    datetime(2024, 2, 28, 12, tzinfo=UTC),  # a leap day follows
    datetime(2025, 12, 31, 23, tzinfo=UTC),
)
GAPS = st.one_of(
    st.integers(0, 120).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(0, 72).map(lambda hours: timedelta(hours=hours)),
    st.sampled_from([timedelta(0), timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(microseconds=1)]),
)
KINDS = [
    *["new"] * 4,
    *["step"] * 4,
    *("merge", "unmerge", "look", "visit", "ask", "answer", "same", "other"),
]
ACTS = st.tuples(st.sampled_from(KINDS), st.integers(0, 10_000), GAPS)


class World:
    """Event rows in the making; every act is legal or nothing."""

    def __init__(self, start):
        self.now = start
        self.state, self.before, self.groups = {}, {}, {}
        self.rows = {
            name: []
            for name in (
                *("referrals", "changes", "merges", "imports", "looks"),
                *("visits", "questions", "marks", "facts", "answered", "safety"),
            )
        }

    def act(self, kind, pick, gap):
        self.now += gap
        getattr(self, f"_{kind}")(pick)

    def _new(self, pick, origin=None):
        key = len(self.state)
        self.rows["referrals"].append(
            {
                "referral": key,
                "agency": "" if origin == "merge" else "abc"[pick % 3],
                "county": ("Wake", "Durham", "")[pick % 7 % 3],
                "type": ("client", "le")[pick % 2],
                "origin": origin or ("agency", "agency", "agency", "staff")[pick % 4],
                "urgency": (0, 1, 2, 9)[pick % 11 % 4],
                "assigned": pick % 5 == 0,
                "hotline_open": pick % 6 == 0,
                "nobody_called": pick % 3 == 0,
            }
        )
        for code in {("sexual_abuse", "neglect", "other")[pick % 3], ("neglect", "psb")[pick % 2]} if pick % 4 else ():
            self.rows["facts"].append({"referral": key, "field": "allegation_types", "code": code, "on": None})
        for field, code in (("ao_access", ("yes", "no")[pick % 2]), ("safety_plan", "answered"))[: pick % 5]:
            self.rows["safety"].append({"referral": key, "field": field, "code": code})
        if pick % 5 < 2:
            aged = ("child_dob", "", self.now.date().replace(day=1, year=self.now.year - 15 - pick % 6).isoformat())
            guessed = ("child_age_years", str(14 + pick % 9), None)
            field, code, on = (aged, guessed)[pick % 2]
            self.rows["facts"].append({"referral": key, "field": field, "code": code, "on": on})
        if pick % 9 == 0:
            self.rows["facts"].append({"referral": key, "field": "courtesy_for", "code": "answered", "on": None})
        if pick % 3:
            self.rows["answered"].append({"referral": key, "count": pick % 7})
        self._take(key, "combine" if origin == "merge" else "submit", "submitted", pick)
        return key

    def _take(self, key, step, after, pick):
        self.before.setdefault(key, []).append((step, self.state.get(key)))
        self.state[key] = after
        reasons = REASONS.get(step, ("",))
        self.rows["changes"].append(
            {
                "referral": key,
                "ordinal": len(self.before[key]),
                "step": step,
                "after": after,
                "at": self.now,
                "reason": reasons[pick % len(reasons)],
            }
        )

    def _step(self, pick):
        if not self.state:
            return
        key = pick % len(self.state)
        steps = [step for (state, step) in STEPS if state == self.state[key]]
        if not steps:
            return
        step = steps[pick // 7 % len(steps)]
        after = STEPS[self.state[key], step]
        if after == "back":
            newest, after = self.before[key][-1]
            if newest not in ("close", "withdraw", "delete"):
                return
        if self._is_result(key) and step in ("reject", "withdraw"):
            return
        self._take(key, step, after, pick)
        if step == "import":
            self._import(key, pick)
        elif step == "undo_import":
            next(one for one in self.rows["imports"] if one["referral"] == key and not one["undone"])["undone"] = (
                self.now
            )
        elif step == "reject":
            for field in ("child_dob", "narrative", "child_dob")[: pick % 4]:
                self.rows["marks"].append({"referral": key, "field": field, "at": self.now})

    def _import(self, key, pick):
        new = pick % 3 > 0
        self.rows["imports"].append(
            {
                "referral": key,
                "new_client": new,
                "overridden": new and pick % 2 == 0,
                "missed": None,
                "made": self.now,
                "undone": None,
            }
        )

    def _same(self, pick):
        """The file of a new client is found to be of a child whom the center had."""
        anew = [one for one in self.rows["imports"] if one["new_client"] and one["missed"] is None]
        if anew:
            anew[pick % len(anew)]["missed"] = self.now

    def _other(self, pick):
        """That was a mistake: the two files are parted again."""
        found = [one for one in self.rows["imports"] if one["missed"] is not None]
        if found:
            found[pick % len(found)]["missed"] = None

    def _is_result(self, key):
        return self.rows["referrals"][key]["origin"] == "merge"

    def _merge(self, pick):
        ready = [key for key, state in self.state.items() if state == "submitted"]
        if len(ready) < 2:
            return
        first = ready[pick % len(ready)]
        second = ready[(pick + 1) % len(ready)]
        result = self._new(pick, origin="merge")
        self.groups[result] = (first, second)
        for source in (first, second):
            self._take(source, "merge", "merged", pick)
            self.rows["merges"].append({"source": source, "result": result, "made": self.now, "undone": None})

    def _unmerge(self, pick):
        standing = [key for key in self.groups if self.state[key] == "submitted"]
        if not standing:
            return
        result = standing[pick % len(standing)]
        for source in self.groups.pop(result):
            self._take(source, "undo_merge", "submitted", pick)
        for merge in self.rows["merges"]:
            if merge["result"] == result:
                merge["undone"] = self.now
        self._take(result, "dissolve", "deleted", pick)

    def _look(self, pick):
        if self.state:
            self.rows["looks"].append({"referral": pick % len(self.state), "at": self.now})

    def _visit(self, pick):
        if self.state:
            self.rows["visits"].append({"referral": pick % len(self.state), "at": self.now})

    def _ask(self, pick):
        if self.state:
            self.rows["questions"].append({"referral": pick % len(self.state), "asked": self.now, "answered": None})

    def _answer(self, pick):
        waiting = [one for one in self.rows["questions"] if one["answered"] is None]
        if waiting:
            waiting[pick % len(waiting)]["answered"] = self.now


@st.composite
def worlds(draw):
    """Event rows, a moment of counting at or before their end, and the first and last day of a period."""
    world = World(draw(st.sampled_from(STARTS)))
    start = world.now
    for kind, pick, gap in draw(st.lists(ACTS, min_size=90, max_size=150)):
        world.act(kind, pick, gap)
    late = world.now - start
    at = start + late * draw(st.sampled_from([0.3, 0.7, 1.0, 1.0, 1.5])) + timedelta(minutes=1)
    first = (start + late * draw(st.sampled_from([-0.1, 0.0, 0.2, 0.5]))).date()
    last = first + timedelta(days=draw(st.integers(0, 60)))
    return world.rows, at, first, last
