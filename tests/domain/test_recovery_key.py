import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.recovery_key import LETTERS, new_key, read, written
from domain.refusals import Refused


@given(st.binary(min_size=32, max_size=32))
def test_a_key_comes_back_from_the_sheet(key):
    sheet = written(key)

    assert len(sheet.split("-")) == 12
    assert all(len(group) == 5 for group in sheet.split("-"))
    assert read(sheet) == key


@given(st.binary(min_size=32, max_size=32))
def test_a_key_may_be_typed_carelessly(key):
    sheet = written(key)

    assert read(f"  {sheet.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} ") == key


@given(st.binary(min_size=32, max_size=32), st.integers(0, 59), st.sampled_from(LETTERS))
def test_one_wrong_letter_is_noticed(key, place, letter):
    letters = written(key).replace("-", "")
    if letters[place] == letter:
        letter = LETTERS[(LETTERS.index(letter) + 1) % 32]

    with pytest.raises(Refused, match="typing mistake"):
        read(letters[:place] + letter + letters[place + 1 :])


@pytest.mark.parametrize("typed", ["", "ABCDE", "é" * 60, written(bytes(32))[:-1], written(bytes(32)) + "A", "~" * 60])
def test_what_is_no_key_is_refused_in_words(typed):
    with pytest.raises(Refused, match="twelve groups"):
        read(typed)


def test_two_new_keys_differ():
    assert new_key() != new_key()
