"""How alike two words of a name are."""

from collections.abc import Container, Sequence
from typing import Any

import numpy as np
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cdist

from domain.matching.folding import sound
from domain.matching.levels import Level
from domain.matching.nicknames import forms

CLOSENESS = {
    Level.SAME: 0,
    Level.SHORT_FORM: 1,
    Level.SLIP: 2,
    Level.BEGINNING: 3,
    Level.SOUND: 4,
    Level.INITIAL: 5,
    Level.FAR: 6,
}
"""Order of the levels of two words, best first."""


def likeness(ours: str, theirs: str) -> Level | None:
    """The level of two folded words, the same either way round, or nothing where they have nothing in common.

    Double Metaphone with Jaro-Winkler .84, or one edit, put 96 of 100 pairs of variants together (matching.md);
    the sound code here is plainer and the check of the spelling the same.
    """
    if ours == theirs:
        return Level.SAME if len(ours) > 1 else Level.INITIAL
    if theirs in _FORMS.get(ours, ()):
        return Level.SHORT_FORM
    shorter, longer = (ours, theirs) if len(ours) <= len(theirs) else (theirs, ours)
    if len(shorter) <= 1:
        return Level.INITIAL if shorter and shorter == longer[0] else None
    alike = JaroWinkler.similarity(ours, theirs, score_cutoff=0.8)
    edits = OSA.distance(ours, theirs, score_cutoff=2) if len(longer) - len(shorter) <= 2 else 3
    if alike == 0.0 and edits > 2:
        return None
    if _slip(alike, edits, len(longer)):
        return Level.SLIP
    if len(shorter) >= 3 and longer.startswith(shorter):
        return Level.BEGINNING
    if len(shorter) >= 3 and alike >= 0.80 and sound(shorter) == sound(longer):
        return Level.SOUND
    return Level.FAR if _far(alike, edits, len(longer)) else None


def all_alike(word: str, others: Sequence[str], sounding: Container[str]) -> dict[str, Level]:
    """Those of many words that are like a word, each with its level: as `likeness` says, initials left out.

    `sounding` holds those of them that sound like it. All are measured at once: among a million people hundreds of
    words begin or end like any word, and most of them have nothing else in common with it.
    """
    if len(word) < 2 or not others:
        return {}
    alike = cdist([word], others, scorer=JaroWinkler.similarity, score_cutoff=0.8, dtype=np.float64)[0]
    edits = cdist([word], others, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)[0]
    longer = np.maximum(np.fromiter(map(len, others), np.int64, len(others)), len(word))
    slip, far = _slip(alike, edits, longer).tolist(), _far(alike, edits, longer).tolist()
    similar = (alike >= 0.80).tolist()
    known = _FORMS.get(word, ())
    found = {other: Level.SHORT_FORM for other in others if other in known}
    for place in np.flatnonzero((alike > 0.0) | (edits < 3)).tolist():
        other = others[place]
        if len(other) < 2 or other in found:
            continue
        enough = len(word) >= 3 <= len(other)
        if other == word:
            found[other] = Level.SAME
        elif slip[place]:
            found[other] = Level.SLIP
        elif enough and (other.startswith(word) or word.startswith(other)):
            found[other] = Level.BEGINNING
        elif enough and other in sounding and similar[place]:
            found[other] = Level.SOUND
        elif far[place]:
            found[other] = Level.FAR
    return found


# Of one pair of words or of many: how similar (0 below .8), edits (3 for more than two), letters of the longer one.


def _slip(alike: Any, edits: Any, longer: Any) -> Any:
    return ((edits == 1) & (longer >= 4)) | ((edits == 2) & (longer >= 7) & (alike >= 0.90))


def _far(alike: Any, edits: Any, longer: Any) -> Any:
    few_edits = ((edits == 2) & (longer >= 5)) | ((edits == 1) & (longer == 3))
    return few_edits | (alike >= 0.86) | ((alike >= 0.80) & (longer >= 5))


_FORMS = forms()
