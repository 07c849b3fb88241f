"""A plain, slow recount of the intake counts over cases and facts. It imports nothing of the product, on purpose."""

from collections import Counter, defaultdict

from tests.recount import age

NOT_KNOWN = "Unknown"
BANDS = {
    "age": ((6, "0 to 6"), (12, "7 to 12"), (18, "13 to 18"), (200, "Over 18")),
    "age_ovc": ((12, "0 to 12"), (17, "13 to 17"), (24, "18 to 24"), (59, "25 to 59"), (200, "60 and older")),
    "offender_age": ((12, "Under 13"), (17, "13 to 17"), (200, "18 and older")),
}
ASKED = (
    ("child_sex", "sex"),
    ("child_dob", "age"),
    ("child_race_ethnicity", "race or ethnicity"),
    ("allegation_types", "kind of concern"),
    ("ao_relationship", "relationship of the alleged offender"),
    ("ao_dob_or_age", "age of the alleged offender"),
)


class IntakeRecount:
    """The counts of plain rows; `cases` lie in the period, `mapping` is from choices to rows, by question."""

    def __init__(self, cases, facts, mapping, *, each_child_once):
        self.mapping = mapping
        self.answers = defaultdict(list)
        for one in facts:
            self.answers[one["owner"], one["id"], one["field"]].append(one)
        self.people = defaultdict(set)
        for one in facts:
            if one["owner"] == "case" and one["field"].startswith("ao_") and one["field"] != "ao_known":
                self.people[one["id"]].add(one["ordinal"])
        self.chosen, seen = [], set()
        for case in sorted(cases, key=lambda each: (each["on"], each["case"])):
            if not each_child_once or case["client"] not in seen:
                self.chosen.append(case)
            seen.add(case["client"])

    def counts(self):
        return {
            "new_children": Counter("New to the center" if one["first"] else "Seen before" for one in self.chosen),
            "gender": Counter(self.row("child_sex", self.codes("client", one, "child_sex")) for one in self.chosen),
            "age": Counter(self.band("age", self.child_age(one)) for one in self.chosen),
            "age_ovc": Counter(self.band("age_ovc", self.child_age(one)) for one in self.chosen),
            "abuse_type": Counter(row for one in self.chosen for row in self.kinds(one)),
            "race": Counter(self.race(one) for one in self.chosen),
            "intake_county": Counter(one["county"] or NOT_KNOWN for one in self.chosen),
            "intake_source": Counter(one["agency"] or "Walk-in" for one in self.chosen),
            "relationship": Counter(self.related(one, place) for one, place in self.offenders()),
            "offender_age": Counter(self.band("offender_age", self.offender_age(*each)) for each in self.offenders()),
        }

    def figures(self):
        return {"children": len(self.chosen), "offenders": len(list(self.offenders()))}

    def offenders(self):
        for case in self.chosen:
            for place in sorted(self.people[case["case"]]):
                yield case, place

    def gaps(self):
        found = {}
        for case in self.chosen:
            missing = [words for name, words in ASKED if not self.is_known(case, name)]
            if missing:
                found[case["case"]] = ", ".join(missing)
        return found

    def is_known(self, case, name):
        if name == "child_dob":
            return self.child_age(case) is not None
        if name == "ao_dob_or_age":
            said = self.answers["case", case["case"], name]
            return any(one["on"] is not None or one["code"].isdigit() for one in said)
        owner = "client" if name.startswith("child_") else "case"
        return any(self.mapped(name, code) != NOT_KNOWN for code in self.codes(owner, case, name))

    def codes(self, owner, case, name):
        return [one["code"] for one in self.answers[owner, case[owner], name]]

    def mapped(self, name, code):
        return self.mapping[name].get(code, NOT_KNOWN)

    def row(self, name, codes):
        return self.mapped(name, codes[0]) if codes else NOT_KNOWN

    def kinds(self, case):
        return {self.mapped("allegation_types", code) for code in self.codes("case", case, "allegation_types")} or {
            NOT_KNOWN
        }

    def race(self, case):
        said = {
            self.mapped("child_race_ethnicity", code) for code in self.codes("client", case, "child_race_ethnicity")
        }
        said.discard(NOT_KNOWN)
        return "More than one" if len(said) > 1 else next(iter(said), NOT_KNOWN)

    def child_age(self, case):
        born = [one["on"] for one in self.answers["client", case["client"], "child_dob"] if one["on"]]
        guessed = [one["code"] for one in self.answers["client", case["client"], "child_age_years"]]
        return self.years(born, guessed, case["on"])

    def related(self, case, place):
        said = [one["code"] for one in self.answers["case", case["case"], "ao_relationship"] if one["ordinal"] == place]
        return self.row("ao_relationship", said)

    def offender_age(self, case, place):
        said = [one for one in self.answers["case", case["case"], "ao_dob_or_age"] if one["ordinal"] == place]
        return self.years([one["on"] for one in said if one["on"]], [one["code"] for one in said], case["on"])

    @staticmethod
    def years(born, guessed, day):
        if born:
            return age(born[0], day)
        return next((int(code) for code in guessed[:1] if code.isdigit()), None)

    @staticmethod
    def band(name, years):
        return NOT_KNOWN if years is None else next(label for last, label in BANDS[name] if years <= last)
