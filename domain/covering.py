"""What is covered on a screen for safety's sake (rule 14): a phone that must not be called without the team."""

from typing import Any

from domain.fields import Answers

DO_NOT_CALL = "Do not call: ask the team"
_COVER = {"typed": DO_NOT_CALL}


def covered(answers: Answers) -> Answers:
    """The answers with phones covered of caregivers thought to have harmed the child, or who said not to be called.

    The child's own phone is covered too where it is not safe.
    """
    shown = dict(answers)
    if isinstance(shown.get("caregivers"), list):
        shown["caregivers"] = [_caregiver(person) for person in shown["caregivers"]]
    if shown.get("child_phone_safe") == "no" and "child_phone" in shown:
        shown["child_phone"] = _COVER
    return shown


def _caregiver(person: Any) -> Any:
    if not isinstance(person, dict) or "cg_phone" not in person:
        return person
    harmed, unsafe = person.get("cg_alleged_offender") == "yes", person.get("cg_phone_safe") == "no"
    return {**person, "cg_phone": _COVER} if harmed or unsafe else person
