"""What people type into a box of their own words: required, not endless, and possible to keep."""

from domain.refusals import Refused

LONGEST_TEXT = 20_000
"""Characters of one comment, note, question or answer."""


def written(text: str, otherwise: str) -> str:
    """The text without blanks around it; refuses with `otherwise` when nothing was typed."""
    said = text.strip()
    if not said:
        raise Refused(otherwise)
    return optional(said)


def optional(text: str) -> str:
    """The text without blanks around it, possibly empty; refuses what is too long or cannot be kept."""
    said = text.strip()
    if len(said) > LONGEST_TEXT:
        raise Refused("This text is too long. Shorten it to 20,000 characters.")
    if "\x00" in said:
        raise Refused("This text holds a character that cannot be saved (NUL). Remove it and type it again.")
    return said.encode("utf-8", "replace").decode("utf-8")
