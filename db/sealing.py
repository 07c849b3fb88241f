"""Sealed files: written in one pass, encrypted and authenticated chunk by chunk with a 256-bit key.

AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizar 2015): each chunk's nonce holds its
number and whether it is the last one, so that chunks can be neither swapped nor cut off.
"""

import hmac
import os
from types import TracebackType
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.refusals import Refused

MAGIC = b"REFDESK1"
SALT_BYTES = 32
MARK_BYTES = 16
CHUNK = 1 << 20
TAG_BYTES = 16

WRONG_KEY = "This recovery key does not open this backup. Use the sheet that was printed for this site."
DAMAGED = "This backup is damaged or cut off and cannot be trusted. Use another one."
NOT_OURS = "This file is not a backup of Referral Desk."


class Sealing:
    """A file being sealed; whole only when it was closed without an error."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file = file
        salt = os.urandom(SALT_BYTES)
        self._cipher, mark = _derived(key, salt)
        self._waiting = bytearray()
        self._number = 0
        file.write(MAGIC + salt + mark)

    def write(self, plain: bytes) -> int:
        self._waiting += plain
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(plain)

    def finish(self) -> None:
        """Seal the last chunk; a file without it is refused as cut off."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def __enter__(self) -> "Sealing":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.finish()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), plain, None))
        self._number += 1


class Unsealing:
    """A sealed file being read from its beginning. Refuses a wrong key, and anything changed or cut off."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file = file
        head = file.read(len(MAGIC) + SALT_BYTES + MARK_BYTES)
        if len(head) < len(MAGIC) + SALT_BYTES + MARK_BYTES or not head.startswith(MAGIC):
            raise Refused(NOT_OURS)
        self._cipher, mark = _derived(key, head[len(MAGIC) : -MARK_BYTES])
        if not hmac.compare_digest(mark, head[-MARK_BYTES:]):
            raise Refused(WRONG_KEY)
        self._plain = bytearray()
        self._next = file.read(CHUNK + TAG_BYTES)
        self._number = 0
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        while not self._ended and (size < 0 or len(self._plain) < size):
            self._open()
        taken = bytes(self._plain if size < 0 else self._plain[:size])
        del self._plain[: len(taken)]
        return taken

    def _open(self) -> None:
        sealed, self._next = self._next, self._file.read(CHUNK + TAG_BYTES)
        self._ended = not self._next
        try:
            self._plain += self._cipher.decrypt(_nonce(self._number, last=self._ended), sealed, None)
        except InvalidTag:
            raise Refused(DAMAGED) from None
        self._number += 1


def _derived(key: bytes, salt: bytes) -> tuple[AESGCM, bytes]:
    """The cipher of one file, and a mark that tells a wrong key from a damaged file."""
    made = HKDF(SHA256(), 32 + MARK_BYTES, salt=salt, info=b"referral desk backup 1").derive(key)
    return AESGCM(made[:32]), made[32:]


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + (b"\1" if last else b"\0")
