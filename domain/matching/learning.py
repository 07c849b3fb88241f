"""Weights that a center learns from its own records."""

from collections.abc import Mapping

from domain.matching.comparing import Scale
from domain.matching.weights import WEIGHTS


def scale_of(learnt: Mapping[str, Mapping[str, float]]) -> Scale:
    """The weights that ship with what was learnt of how often the same child reaches a level."""
    return Scale(
        {
            field: {
                level: weight._replace(same=learnt.get(field.value, {}).get(level.name, weight.same))
                for level, weight in levels.items()
            }
            for field, levels in WEIGHTS.items()
        }
    )
