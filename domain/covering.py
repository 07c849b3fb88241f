"""What is covered on a screen for safety's sake (rule 14): a phone that must not be called without the team."""

from collections.abc import Mapping
from typing import Any

from domain.fields import Answers

DO_NOT_CALL = "Do not call: ask the team"
_COVER = {"typed": DO_NOT_CALL}


def covered(answers: Answers) -> Answers:
    """The answers with phones covered of caregivers who must not be called without the team.

    The child's own phone is covered too where it is not safe.
    """
    shown = dict(answers)
    if isinstance(shown.get("caregivers"), list):
        shown["caregivers"] = [_caregiver(answers, person) for person in shown["caregivers"]]
    if shown.get("child_phone_safe") == "no" and "child_phone" in shown:
        shown["child_phone"] = _COVER
    return shown


def do_not_call(answers: Mapping[str, Any], person: Mapping[str, Any]) -> bool:
    """Whether nobody calls this caregiver without the team.

    Thought to have harmed the child, or living with somebody who is, or said not to be called.
    """
    if person.get("cg_alleged_offender") == "yes" or person.get("cg_phone_safe") == "no":
        return True
    others = answers.get("caregivers")
    home = [one for one in others if isinstance(one, Mapping)] if isinstance(others, list) else []
    concerns = answers.get("safety_concerns")
    at_home = isinstance(concerns, list) and "ao_in_home" in concerns
    return at_home or any(one.get("cg_alleged_offender") == "yes" for one in home)


def _caregiver(answers: Answers, person: Any) -> Any:
    if not isinstance(person, dict) or "cg_phone" not in person:
        return person
    return {**person, "cg_phone": _COVER} if do_not_call(answers, person) else person
