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
        return Level.SAME
    if theirs in forms().get(ours, ()):
        return Level.SHORT_FORM
    shorter, longer = sorted((len(ours), len(theirs)))
    if shorter == 0:
        return None
    if shorter == 1:
        return Level.INITIAL if ours[0] == theirs[0] else None
    edits = OSA.distance(ours, theirs, score_cutoff=2)
    if edits == 1 and longer >= 4:
        return Level.SLIP
    alike = JaroWinkler.similarity(ours, theirs)
    if edits == 2 and longer >= 7 and alike >= 0.90:
        return Level.SLIP
    if shorter >= 3 and (ours.startswith(theirs) or theirs.startswith(ours)):
        return Level.BEGINNING
    if shorter >= 3 and alike >= 0.80 and sound(ours) == sound(theirs):
        return Level.SOUND
    if alike >= 0.86 or (edits == 2 and longer >= 5) or (edits == 1 and longer == 3) or (alike >= 0.8 and longer >= 5):
        return Level.FAR
    return None
