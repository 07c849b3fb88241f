"""How screens say times and people's own words: relative with the exact time at hand, and never as Markdown."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta

from actions.desk import desk
from actions.work import now

JOINER = "\u2060"
"""A word joiner: nothing to the eye, but it keeps an address or a sign from being turned into something else."""

_BIDI = dict(
    zip(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
        ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"),
        strict=True,
    )
)
_ISOLATE, _ISOLATED = "\u2068", "\u2069"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&\"'^=/@])")
# Streamlit turns :name:, arrows, dashes and addresses into something else after Markdown was read,
# so a backslash alone does not keep them as typed.
_TURNED = re.compile(r"([:@<>\-.])|(?<=w)(?=w)", re.IGNORECASE)


@dataclass(frozen=True)
class Clock:
    """The center's clock at this moment, in a language."""

    zone: ZoneInfo
    at: datetime
    language: str = "en"

    @property
    def today(self) -> date:
        """The center's day."""
        return self.at.astimezone(self.zone).date()

    def age(self, moment: datetime) -> str:
        """How long ago: "3 days"."""
        if self.at - moment < timedelta(minutes=1):
            return "less than a minute" if self.language == "en" else "menos de un minuto"
        return format_timedelta(self.at - moment, granularity="minute", threshold=1, locale=self.language)

    def ago(self, moment: datetime) -> str:
        """ "3 days ago"."""
        if abs(self.at - moment) < timedelta(minutes=1):
            return "just now" if self.language == "en" else "ahora mismo"
        return format_timedelta(
            moment - self.at, granularity="minute", threshold=1, add_direction=True, locale=self.language
        )

    def exact(self, moment: datetime) -> str:
        """ "Sunday, Nov 22, 2026, 3:04 PM CST"."""
        pattern = "EEEE d 'de' MMMM 'de' y, h:mm a z" if self.language == "es" else "EEEE, MMM d, y, h:mm a z"
        return format_datetime(moment, pattern, tzinfo=self.zone, locale=self.language)

    def stamp(self, moment: datetime) -> str:
        """ "Nov 22, 2026, 3:04 PM", for lists and prints, where nothing can be pointed at."""
        pattern = "d MMM y, h:mm a" if self.language == "es" else "MMM d, y, h:mm a"
        return format_datetime(moment, pattern, tzinfo=self.zone, locale=self.language)

    def local_day(self, moment: datetime) -> date:
        """The center's day of a moment."""
        return moment.astimezone(self.zone).date()

    def day(self, day: date) -> str:
        """ "Nov 22, 2026"."""
        return format_date(day, "d MMM y" if self.language == "es" else "MMM d, y", locale=self.language)


def clock(language: str = "en") -> Clock:
    """The center's clock now."""
    return Clock(ZoneInfo(desk().time_zone), now(), language)


def visible(text: str) -> str:
    """The text with control and direction signs made visible, so that they cannot reorder or hide anything."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def one_line(text: str) -> str:
    """Somebody's own words on one line, with signs that would turn or hide them made visible."""
    return " ".join(visible(text).split())


def safe(text: str) -> str:
    """Somebody's own words to stand inside a line of our Markdown: shown letter for letter, with no effect.

    Line breaks become blanks. Long texts go through st.text instead, which knows no Markdown at all.
    """
    line = one_line(text)
    if not line:
        return ""
    held = _TURNED.sub(lambda found: f"{found.group(1) or ''}{JOINER}", line)
    return _ISOLATE + _MARKDOWN.sub(r"\\\1", held) + _ISOLATED


def _visible(character: str) -> str:
    if character in _BIDI:
        return f"[{_BIDI[character]}]"
    code = ord(character)
    if character in "\n\t" or 32 <= code < 127 or code > 159:
        return character
    return chr(0x2400 + code) if code < 32 else "␡" if code == 127 else f"[U+{code:04X}]"
