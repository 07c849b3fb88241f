"""Codes that a person types: made at random, easy to read aloud, kept only as a hash."""

import hashlib
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0, O, 1, I and L, which people mistake for one another."""


def token() -> str:
    """An opaque 256-bit token for machines."""
    return secrets.token_urlsafe(32)


def typed_code(groups: int, size: int = 5) -> str:
    """A code for people, in groups: "7KQ2M-X9TWA"."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(size)) for _ in range(groups))


def digest(secret: str) -> str:
    """The SHA-256 to keep of a token that has 256 random bits, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def digest_of_typed(code: str) -> str:
    """The SHA-256 of a typed code, whatever blanks, dashes or small letters a person gave it."""
    return digest("".join(character for character in code.upper() if character.isalnum()))
