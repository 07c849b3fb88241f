from datetime import UTC, datetime, timedelta

import pytest

from domain.outside import FRESH, SKEW, may_be_asked, proof_of
from domain.refusals import Refused

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
CLAIMS = {"iss": "https://login.example", "aud": "desk", "sub": "s", "nonce": "n", "iat": NOW.timestamp()}


def proof(**other):
    return proof_of(CLAIMS | other, issuer="https://login.example", client_id="desk", now=NOW)


def test_a_token_made_for_this_desk_just_now_proves_who_somebody_is():
    assert (proof().issuer, proof().subject) == ("https://login.example", "s")
    assert proof(aud=["desk"]) == proof()


def test_the_same_token_has_the_same_mark_and_another_has_another():
    assert proof().mark == proof().mark
    assert len({proof().mark, proof(nonce="m").mark, proof(sub="t").mark, proof(iat=NOW.timestamp() - 1).mark}) == 4


@pytest.mark.parametrize(
    "other",
    [
        {"iss": "https://login.example/"},
        {"iss": None},
        {"aud": "other"},
        {"aud": ["desk", "other"]},
        {"aud": []},
        {"aud": None},
        {"sub": ""},
        {"sub": " "},
        {"sub": 7},
        {"nonce": ""},
        {"nonce": None},
        {"iat": None},
        {"iat": True},
        {"iat": "soon"},
        {"iat": (NOW - FRESH - timedelta(seconds=1)).timestamp()},
        {"iat": (NOW + SKEW + timedelta(seconds=1)).timestamp()},
    ],
)
def test_what_was_made_elsewhere_for_others_or_too_early_proves_nothing(other):
    with pytest.raises(Refused):
        proof(**other)


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("https://login.example/realm", True),
        ("http://127.0.0.1:9000/realm", True),
        ("http://localhost:9000", True),
        ("http://login.example", False),
        ("http://127.0.0.1.evil.example", False),
        ("https://", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_only_tls_or_this_computer_is_asked(address, asked):
    assert may_be_asked(address) is asked
