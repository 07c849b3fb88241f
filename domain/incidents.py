"""Several children of one incident: what they share, typed once, and what is each child's own."""

from typing import Any

OWN_NAMES = frozenset({"address_confidential", "child_location_now", "disclosure", "disclosure_to", "injuries"})


def shared(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers that another child of the same incident starts with.

    Everything that describes the first child stays behind: name, birth date, role, disability, what
    this child said and which injuries were seen. Place, people, concern and the sender come along.
    """
    return {name: value for name, value in answers.items() if not _own(name)}


def _own(name: str) -> bool:
    return (name.startswith(("child_", "cps_child")) and name != "child_lives_with") or name in OWN_NAMES
