import io
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import sealing
from db.sealing import CHUNK, Sealing, Unsealing
from domain.refusals import Refused

KEY = bytes(range(32))


def sealed(plain, key=KEY):
    file = io.BytesIO()
    with Sealing(file, key) as writer:
        writer.write(plain)
    return file.getvalue()


def unsealed(content, key=KEY):
    return Unsealing(io.BytesIO(content), key).read()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_sealed_comes_back(size):
    plain = os.urandom(size)

    assert unsealed(sealed(plain)) == plain


@given(st.binary(max_size=200), st.data())
@settings(max_examples=200)
def test_every_changed_byte_is_noticed(plain, data):
    content = bytearray(sealed(plain))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))

    with pytest.raises(Refused):
        unsealed(bytes(content))


def test_a_wrong_key_is_told_apart_from_damage():
    content = sealed(b"x")

    with pytest.raises(Refused, match="recovery key does not open"):
        unsealed(content, bytes(32))
    with pytest.raises(Refused, match="damaged"):
        unsealed(content[:-1] + bytes([content[-1] ^ 1]))


def test_a_file_cut_between_two_chunks_is_refused():
    content = sealed(os.urandom(3 * CHUNK))
    head = len(sealing.MAGIC) + sealing.SALT_BYTES + sealing.MARK_BYTES

    with pytest.raises(Refused, match="cut off"):
        unsealed(content[: head + 2 * (CHUNK + sealing.TAG_BYTES)])


def test_swapped_chunks_are_refused():
    content = sealed(os.urandom(3 * CHUNK))
    head = len(sealing.MAGIC) + sealing.SALT_BYTES + sealing.MARK_BYTES
    piece = CHUNK + sealing.TAG_BYTES
    first, second = content[head : head + piece], content[head + piece : head + 2 * piece]

    with pytest.raises(Refused, match="damaged"):
        unsealed(content[:head] + second + first + content[head + 2 * piece :])


def test_another_file_is_no_backup():
    with pytest.raises(Refused, match="not a backup"):
        unsealed(b"PK\3\4 something else entirely, long enough to hold a head of a sealed file ..............")


def test_an_unfinished_file_is_refused():
    file = io.BytesIO()
    writer = Sealing(file, KEY)
    writer.write(b"half a thought")

    with pytest.raises(Refused):
        unsealed(file.getvalue())
