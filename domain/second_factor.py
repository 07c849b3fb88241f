"""The second factor: time-based codes from an authenticator app (RFC 6238), and recovery codes."""

import base64
import hashlib
import hmac
from datetime import datetime

import pyotp
import segno
from cryptography.fernet import Fernet

from domain.codes import typed_code
from domain.people import Role

STEP_SECONDS = 30
RECOVERY_CODES = 10
ASKED_OF = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR})
"""Roles that need a second factor unless the center turned this off."""


def new_seed() -> str:
    """A fresh 160-bit seed in base 32, as authenticator apps take it."""
    return pyotp.random_base32()


def sealed(seed: str, secret: bytes) -> str:
    """The seed as it is kept: encrypted with a key drawn from the site's secret."""
    return _seal(secret).encrypt(seed.encode()).decode()


def unsealed(sealed_seed: str, secret: bytes) -> str:
    """The seed behind what was kept."""
    return _seal(secret).decrypt(sealed_seed.encode()).decode()


def step_of(seed: str, code: str, moment: datetime) -> int | None:
    """The 30-second step for which the code is right, one step early or late allowed; None if for none."""
    typed = "".join(character for character in code if character.isdigit())
    now = int(moment.timestamp()) // STEP_SECONDS
    app = pyotp.TOTP(seed)
    matches = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(app.at(step * STEP_SECONDS), typed)]
    return matches[0] if matches else None


def address_for_app(seed: str, username: str, center: str) -> str:
    """The otpauth:// address that an authenticator app reads from the picture."""
    return pyotp.TOTP(seed).provisioning_uri(name=username, issuer_name=f"Referral Desk, {center}")


def picture(address: str) -> str:
    """The address as a QR code, SVG text drawn on this computer."""
    drawn: str = segno.make(address, error="m").svg_inline(scale=5, border=4, light="white")
    return drawn


def recovery_codes() -> list[str]:
    """Ten one-use codes for the day the phone is lost."""
    return [typed_code(2) for _ in range(RECOVERY_CODES)]


def kept_code(code: str, secret: bytes) -> str:
    """What is kept of a recovery code: keyed with the site's secret, since fifty random bits alone could be guessed."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return hmac.new(secret, b"recovery code " + plain.encode(), hashlib.sha256).hexdigest()


def _seal(secret: bytes) -> Fernet:
    key = hmac.new(secret, b"second factor seeds", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))
