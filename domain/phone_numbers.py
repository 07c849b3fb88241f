"""Phone numbers as people write and read them."""

import re


def callable_number(phone: str) -> str:
    """A phone number without anything that a screen could read as more than text; letters as in 1-800-4-A-CHILD."""
    return re.sub(r"[^0-9A-Za-z+(). #/-]", "", phone)


def can_be_called(phone: str) -> bool:
    """Whether a screen shows this number just as it is written, and it has a digit."""
    return callable_number(phone) == phone and re.search(r"[0-9]", phone) is not None
