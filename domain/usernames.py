"""User names: folded, so that Olga and olga are one person, and never given to somebody else later."""

import unicodedata

from domain.refusals import Refused

LONGEST = 80


def folded(typed: str) -> str:
    """The user name as it is kept and compared: NFKC, case-folded, without outer blanks."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def refuse_odd(typed: str) -> str:
    """The folded user name; refuses an empty, over-long or invisible one. Any alphabet is welcome."""
    name = folded(typed)
    if not name:
        raise Refused("Give a user name, for example the first letter and the family name: olopez.")
    if len(name) > LONGEST:
        raise Refused(f"Give a user name of at most {LONGEST} characters.")
    if any(unicodedata.category(character)[0] in "CZ" for character in name):
        raise Refused("Give a user name without blanks, for example olopez.")
    return name
