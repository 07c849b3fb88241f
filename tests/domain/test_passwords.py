"""What a password may be: long, of any alphabet, not among the common ones, not made of one's own names."""

import pytest

from domain import passwords
from domain.refusals import Refused

OWN = ("Juniper Child Advocacy Center", "Juniper County Sheriff", "María O'Brien", "maria")
GOOD = [
    "correct horse battery staple",
    "fifteen letters",
    "ünïcödé ist hier wïllkömmen",
    "дождь стучит в окно",
    "雨が窓を叩いているのです、今日も",
    "🐦🦉🐧🦜🦢 five birds on a wire",
    "no Numbers no signs at all",
    "    leading blanks are dropped",
    "1234567 whole sentences 89",
    "maria likes swimming in the evening",
    "a" + "bcdefghij" * 7,
    "w0rd " * 25,
    "é" * 3 + "quinze caractères",
]
WEAK = [
    "",
    "               ",
    "short",
    "fourteen chars",
    "passwordpassword",
    "PASSWORDPASSWORD",
    "aaaaaaaaaaaaaaaa",
    "abababababababab",
    "juniper child advocacy center",
    "junipercountysheriff",
    "María O'Brien maria",
    "referral desk child advocacy",
    "x" * 129,
    "good words " * 12,
]


@pytest.mark.parametrize("password", GOOD)
def test_long_words_of_any_alphabet_are_welcome(password):
    passwords.refuse_weak(password, own_words=OWN)


@pytest.mark.parametrize("password", WEAK)
def test_what_is_short_common_or_made_of_names_is_refused(password):
    with pytest.raises(Refused):
        passwords.refuse_weak(password, own_words=OWN)


def test_beside_a_second_factor_eight_characters_are_enough():
    passwords.refuse_weak("vk3 nope", own_words=OWN, second_factor=True)
    with pytest.raises(Refused):
        passwords.refuse_weak("vk3 nop", own_words=OWN, second_factor=True)


def test_ten_thousand_common_ones_are_shipped_and_each_is_refused():
    common = passwords.common_passwords()

    assert len(common) >= 10_000
    for password in sorted(common)[::37]:
        with pytest.raises(Refused):
            passwords.refuse_weak(password, second_factor=True)


def test_one_password_in_two_unicode_forms_is_one():
    assert passwords.fits("cafe\u0301 au lait bien chaud", passwords.hashed("caf\u00e9 au lait bien chaud"))
