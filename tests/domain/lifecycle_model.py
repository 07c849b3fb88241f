"""The life of a referral once more, as plain as it can be said: written from product.md, not from the code."""

from dataclasses import dataclass, field

from domain.lifecycle import STEPS, Marker

DRAFT, SUBMITTED, REJECTED, IMPORTED, MERGED, CLOSED, DELETED = (
    "draft", "submitted", "rejected", "imported", "merged", "closed", "deleted",
)  # fmt: skip

GOES = {
    ("draft", "submit"): "submitted",
    ("submitted", "reject"): "rejected",
    ("rejected", "resubmit"): "submitted",
    ("submitted", "import"): "imported",
    ("imported", "undo_import"): "submitted",
    ("submitted", "merge"): "merged",
    ("merged", "undo_merge"): "back",
    ("submitted", "dissolve"): "deleted",
    ("submitted", "close"): "closed",
    ("rejected", "close"): "closed",
    ("submitted", "withdraw"): "closed",
    ("rejected", "withdraw"): "closed",
    ("closed", "reopen"): "back",
    ("submitted", "delete"): "deleted",
    ("rejected", "delete"): "deleted",
    ("deleted", "restore"): "back",
}
TAKEN_BACK_BY = {"merge": "undo_merge", "close": "reopen", "withdraw": "reopen", "delete": "restore"}
FOUND_IN_SEARCH = {"submitted", "rejected", "closed"}


@dataclass
class Life:
    """One referral of the model."""

    owner: str
    """Who wrote it: "olga", "peter", or "" for the result of a merge."""
    status: str = "draft"
    round: int = 0
    history: list[tuple[str, str | None, str]] = field(default_factory=list)
    sources: tuple[object, ...] = ()
    into: object = None
    undone: bool = False

    def can(self, step: str) -> bool:
        there = GOES.get((self.status, step))
        return there is not None and (there != "back" or TAKEN_BACK_BY.get(self.history[-1][0]) == step)

    def go(self, step: str) -> None:
        assert self.can(step)
        before, there = self.status, GOES[self.status, step]
        self.status = str(self.history[-1][1]) if there == "back" else there
        self.history.append((step, before, self.status))
        if step in ("submit", "resubmit"):
            self.round += 1

    @classmethod
    def result_of(cls, sources: tuple[object, ...]) -> "Life":
        return cls("", "submitted", 1, [("combine", None, "submitted")], sources)


def is_the_plain_table() -> bool:
    """Whether the table of steps says what the model says, no row more and no row less."""
    return {
        (status.value, step.value): "back" if there is Marker.BACK else there.value
        for (status, step), there in STEPS.items()
    } == GOES
