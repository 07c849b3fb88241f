"""Several children of one incident: what they share, typed once, and what is each child's own."""

from typing import Any

from domain.matching.folding import fold

OWN_NAMES = frozenset({"address_confidential", "child_location_now", "disclosure", "disclosure_to", "injuries"})


def shared(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers that another child of the same incident starts with.

    Everything that describes the first child stays behind: name, birth date, role, disability, what
    this child said and which injuries were seen. Place, people, concern and the sender come along.
    """
    return {name: value for name, value in answers.items() if not _own(name)}


def child_listed(answers: dict[str, Any], row: str) -> dict[str, Any] | None:
    """The child of the household in this row; None where nobody is listed there any more."""
    people = answers.get("household")
    listed = people if isinstance(people, list) else []
    return next((one for one in listed if isinstance(one, dict) and one.get("row") == row), None)


def known_of(answers: dict[str, Any], child: dict[str, Any]) -> dict[str, Any]:
    """What the linked referral of a child of the household starts with: the incident, and what was said of the child.

    The child no longer stands in the household; a surname that the first child has too is told apart from the name.
    """
    known = shared(answers)
    known["household"] = [one for one in answers["household"] if one is not child]
    known |= _name_of(child.get("hh_name"), answers.get("child_last_name"))
    age = child.get("hh_age")
    if isinstance(age, dict) and "date" in age:
        known["child_dob"] = age["date"]
    elif isinstance(age, dict) and isinstance(age.get("age"), int):
        known["child_age_years"] = age["age"]
    if child.get("hh_role") in _ROLES:
        known["child_role"] = _ROLES[child["hh_role"]]
    return {name: value for name, value in known.items() if value not in ("", [])}


_ROLES = {"co_victim": "alleged_victim", "witness": "witness"}
"""What the first referral called the child, as the child's own referral asks it."""


def _name_of(said: Any, surname: Any) -> dict[str, Any]:
    if not isinstance(said, str):
        return {"child_first_name": said} if said else {}
    name = " ".join(said.split())
    if isinstance(surname, str) and surname and fold(name).endswith(f" {fold(surname)}"):
        return {"child_first_name": name[: -len(surname)].strip(), "child_last_name": surname}
    return {"child_first_name": name}


def _own(name: str) -> bool:
    return (name.startswith(("child_", "cps_child")) and name != "child_lives_with") or name in OWN_NAMES
