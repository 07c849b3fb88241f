"""Several referrals about one child as one: what each said, what is proposed and why, and what comes of it."""

from domain.merging.decisions import (
    Alike,
    Beside,
    Chosen,
    MergedFrom,
    MergeMade,
    MergeView,
    NotSame,
    Suggestion,
    Suggestions,
    Warned,
    what_was_chosen,
)
from domain.merging.people import Pairing
from domain.merging.proposal import NOT_THESE_CHOICES, Choices, Proposal, propose, result
from domain.merging.rules import BOTH, Compared, Option, Way
from domain.merging.sources import Said, Source

__all__ = [
    "BOTH",
    "NOT_THESE_CHOICES",
    "Alike",
    "Beside",
    "Choices",
    "Chosen",
    "Compared",
    "MergeMade",
    "MergeView",
    "MergedFrom",
    "NotSame",
    "Option",
    "Pairing",
    "Proposal",
    "Said",
    "Source",
    "Suggestion",
    "Suggestions",
    "Warned",
    "Way",
    "propose",
    "result",
    "what_was_chosen",
]
