"""How alike two words of a name are."""

from rapidfuzz.distance import OSA, JaroWinkler

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
    return _close(shorter, longer, alike, edits)


_FORMS = forms()


def _close(shorter: str, longer: str, alike: float, edits: int) -> Level | None:
    if (edits == 1 and len(longer) >= 4) or (edits == 2 and len(longer) >= 7 and alike >= 0.90):
        return Level.SLIP
    if len(shorter) >= 3 and longer.startswith(shorter):
        return Level.BEGINNING
    if len(shorter) >= 3 and alike >= 0.80 and sound(shorter) == sound(longer):
        return Level.SOUND
    few_edits = (edits == 2 and len(longer) >= 5) or (edits == 1 and len(longer) == 3)
    return Level.FAR if few_edits or alike >= 0.86 or (alike >= 0.80 and len(longer) >= 5) else None
