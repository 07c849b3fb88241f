"""What a good password is, and how one is kept: argon2id, no composition rules (NIST SP 800-63B-4)."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.refusals import Refused

SHORTEST_ALONE = 15
SHORTEST_WITH_SECOND_FACTOR = 8
LONGEST = 128
"""Code points."""

AT_A_TIME = BoundedSemaphore(2)
"""Each check holds 64 MiB: two at a time keep a rush at 8 AM within a small computer."""


@dataclass(frozen=True)
class Cost:
    """What one check costs whoever guesses: argon2id memory (KiB), passes, lanes."""

    memory: int = 65_536
    passes: int = 3
    lanes: int = 1

    def hasher(self) -> PasswordHasher:
        return PasswordHasher(time_cost=self.passes, memory_cost=self.memory, parallelism=self.lanes)


COST = Cost()


def as_kept(typed: str) -> str:
    """The password as it is compared: NFKC, without blanks at its ends, which no screen shows."""
    return unicodedata.normalize("NFKC", typed).strip()


def hashed(password: str, cost: Cost | None = None) -> str:
    """The argon2id hash to keep, at today's cost unless another is given."""
    with AT_A_TIME:
        return (cost or COST).hasher().hash(as_kept(password))


def fits(password: str, kept: str) -> bool:
    """Whether the password is the one that was kept. With nothing kept it does the same work and says no."""
    with AT_A_TIME:
        try:
            right = COST.hasher().verify(kept or _nobodys_hash(), as_kept(password)[: LONGEST * 4])
        except (VerificationError, InvalidHashError):
            return False
    return right and bool(kept)


def outdated(kept: str) -> bool:
    """Whether the hash was made at another cost than today's and should be renewed at sign-in."""
    return COST.hasher().check_needs_rehash(kept)


def refuse_weak(password: str, *, own_words: Iterable[str] = (), second_factor: bool = False) -> None:
    """Refuse a password that is too short, too long, common, or made of one's own names.

    `own_words` are the names of the center, the agency and the person.
    """
    kept = as_kept(password)
    shortest = SHORTEST_WITH_SECOND_FACTOR if second_factor else SHORTEST_ALONE
    if len(kept) < shortest:
        raise Refused(f"Choose a password of at least {shortest} characters. A few words in a row are fine.")
    if len(kept) > LONGEST:
        raise Refused(f"Choose a password of at most {LONGEST} characters.")
    if _is_common(kept):
        raise Refused("This password is among the most common ones. Choose another, for example a few words in a row.")
    if _is_own_name(kept, own_words):
        raise Refused("This password is made of your own name or the center's or agency's name. Choose another.")


@cache
def common_passwords() -> frozenset[str]:
    """The shipped list of common passwords of eight characters or more, folded."""
    listed = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(word.casefold() for word in listed.splitlines())


PRODUCT_WORDS = ("referral", "desk", "child", "advocacy", "center")


def _nobodys_hash() -> str:
    return _hash_of_nobody(COST)


@cache
def _hash_of_nobody(cost: Cost) -> str:
    return cost.hasher().hash("nobody has this password")


def _is_common(kept: str) -> bool:
    folded = kept.casefold()
    return folded in common_passwords() or len(set(folded)) < 5 or _said_again(folded) in common_passwords()


def _said_again(folded: str) -> str:
    """The part that a password only repeats: "passwordpassword" -> "password"."""
    again = (folded + folded).find(folded, 1)
    return folded[:again]


def _is_own_name(kept: str, own_words: Iterable[str]) -> bool:
    rest = kept.casefold()
    words = {word for phrase in (*own_words, *PRODUCT_WORDS) for word in phrase.casefold().split() if len(word) > 2}
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    left = sum(character.isalnum() for character in rest)
    return rest != kept.casefold() and left < SHORTEST_WITH_SECOND_FACTOR
