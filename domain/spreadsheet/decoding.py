"""From bytes to text: which of the world's spellings a file of comma-separated values is written in."""

import codecs
import re
import unicodedata

from domain.refusals import Refused

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32", "Unicode (UTF-32)"),
    (codecs.BOM_UTF32_BE, "utf-32", "Unicode (UTF-32)"),
    (codecs.BOM_UTF8, "utf-8-sig", "Unicode (UTF-8)"),
    (codecs.BOM_UTF16_LE, "utf-16", "Unicode (UTF-16)"),
    (codecs.BOM_UTF16_BE, "utf-16", "Unicode (UTF-16)"),
)
OLD = (("cp1252", "Windows"), ("mac_roman", "Macintosh"), ("cp850", "MS-DOS"))
"""Spellings of one byte a letter that Excel writes, the likeliest first."""

NOT_TEXT = (
    "This file is not a list that can be read: it holds characters that no text has. "
    "Open it in Excel, save it as “Excel Workbook (.xlsx)” or “CSV UTF-8”, and choose that file."
)
BROKEN = (
    "The letters of this file are damaged from byte {place:,} on. "
    "Open it where it was made, save it as “CSV UTF-8”, and choose that file."
)


def decoded(content: bytes) -> tuple[str, str]:
    """The text of a file, and what its spelling is called; refuses what is no text."""
    for mark, codec, called in MARKS:
        if content.startswith(mark):
            return _sound(_strictly(content, codec)), called
    codec = _without_mark(content)
    if codec:
        return _sound(_strictly(content, codec)), "Unicode (UTF-16)"
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _old(content)
    return _sound(text), "plain letters" if text.isascii() else "Unicode (UTF-8)"


def _strictly(content: bytes, codec: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        raise Refused(BROKEN.format(place=error.start)) from None


def _without_mark(content: bytes) -> str:
    """UTF-16 that does not say so: every second byte of its beginning is nothing."""
    start = content[:400]
    if len(start) < 8 or start.count(0) < len(start) // 4:
        return ""
    if not any(start[0:200:2]):
        return "utf-16-be"
    return "utf-16-le" if not any(start[1:200:2]) else ""


def _old(content: bytes) -> tuple[str, str]:
    """The one of the old spellings that gives the most letters of Western names."""
    readings = [(content.decode(codec, "replace"), called) for codec, called in OLD]
    best = max(readings, key=lambda reading: _western(reading[0]))
    return _sound(best[0]), f"{best[1]} letters"


def _western(text: str) -> int:
    strange = re.findall(r"[^\x00-\x7f]", text)
    return sum(_WORTH.get(letter, -3) for letter in strange) + sum(
        -2 for inside in re.findall(r"[a-zñáéíóúü][^\x00-\x7f]", text) if inside[1].isupper()
    )


_WORTH = dict.fromkeys("áéíóúñüÁÉÍÓÚÑÜçãõêôâàèìòùäößåøæ", 2) | dict.fromkeys("ïëîûÇÄÖÅØÆÈÀÊËÔÂ’‘“”–—º°ª¿¡«» ", 1)


def _sound(text: str) -> str:
    """The text, if it is one: neither holes nor the control characters of programs and pictures."""
    wrong = re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text)
    if wrong and (wrong[0] == "\0" or _share_of_controls(text) > 0.01):
        raise Refused(NOT_TEXT)
    return text


def _share_of_controls(text: str) -> float:
    some = text[:20_000]
    return sum(unicodedata.category(letter) == "Cc" and letter not in "\t\r\n" for letter in some) / max(len(some), 1)
