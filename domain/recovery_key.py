"""The recovery key as people write it down: twelve groups of five characters, the last ones a check.

Letters and digits that look alike (0 and O, 1, I and L, U and V) are not told apart: Crockford's base 32.
"""

import hashlib
import secrets

from domain.refusals import Refused

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALIKE = str.maketrans("OILU", "011V")
KEY_BYTES = 32
KEY_LETTERS = 52  # 256 bits in letters of five bits
CHECK_LETTERS = 8
GROUP = 5


def new_key() -> bytes:
    """256 random bits."""
    return secrets.token_bytes(KEY_BYTES)


def written(key: bytes) -> str:
    """The key as it is printed: ABCDE-FGHJK-... with its check."""
    letters = _letters(int.from_bytes(key), KEY_LETTERS) + _check(key)
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def read(typed: str) -> bytes:
    """The key from what somebody typed, with or without dashes, in any case. Refuses a slip of the pen."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum()).translate(ALIKE)
    if len(letters) != KEY_LETTERS + CHECK_LETTERS or set(letters) - set(LETTERS):
        raise Refused("A recovery key has twelve groups of five letters and digits. Type it as it is on the sheet.")
    number = 0
    for letter in letters[:KEY_LETTERS]:
        number = number * 32 + LETTERS.index(letter)
    if number >= 1 << (8 * KEY_BYTES) or _check(number.to_bytes(KEY_BYTES)) != letters[KEY_LETTERS:]:
        raise Refused("This recovery key has a typing mistake. Compare it with the sheet, group by group.")
    return number.to_bytes(KEY_BYTES)


def _letters(number: int, length: int) -> str:
    letters = ""
    for _ in range(length):
        number, rest = divmod(number, 32)
        letters = LETTERS[rest] + letters
    return letters


def _check(key: bytes) -> str:
    return _letters(int.from_bytes(hashlib.sha256(b"referral desk recovery key" + key).digest()[:5]), CHECK_LETTERS)
