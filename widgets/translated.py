"""Sentences that come from below or stand around every screen, in the language of this person."""

from domain.spanish import in_spanish
from widgets.memory import memory


def in_words(sentence: str) -> str:
    """The desk's own sentence in English or Spanish."""
    return in_spanish(sentence) if memory().language == "es" else sentence
