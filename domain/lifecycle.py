"""The life of a referral: one table says which step leads from which status to which."""

from enum import Enum, StrEnum

from domain.permissions import Permission
from domain.refusals import Refused


class Status(StrEnum):
    """Where a referral stands. The codes are CareNet's words; the labels are the screen's."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REJECTED = "rejected"
    IMPORTED = "imported"
    MERGED = "merged"
    CLOSED = "closed"
    DELETED = "deleted"

    @property
    def label(self) -> str:
        return _STATUS_LABELS[self]


_STATUS_LABELS = {
    Status.DRAFT: "Draft",
    Status.SUBMITTED: "Submitted",
    Status.REJECTED: "Rejected (returned for information)",
    Status.IMPORTED: "Imported",
    Status.MERGED: "Merged",
    Status.CLOSED: "Closed",
    Status.DELETED: "Deleted",
}


class Step(StrEnum):
    """What can happen to a referral's status."""

    SUBMIT = "submit"
    REJECT = "reject"
    RESUBMIT = "resubmit"
    IMPORT = "import"
    UNDO_IMPORT = "undo_import"
    COMBINE = "combine"
    MERGE = "merge"
    UNDO_MERGE = "undo_merge"
    DISSOLVE = "dissolve"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    DELETE = "delete"
    RESTORE = "restore"

    @property
    def done(self) -> str:
        """The step as a past participle: "imported", "returned to the agency"."""
        return _DONE[self]


_DONE = {
    Step.SUBMIT: "submitted",
    Step.REJECT: "returned to the agency",
    Step.RESUBMIT: "corrected and sent again",
    Step.IMPORT: "imported",
    Step.UNDO_IMPORT: "taken back from the client's file",
    Step.COMBINE: "made by a merge",
    Step.MERGE: "merged",
    Step.UNDO_MERGE: "separated again",
    Step.DISSOLVE: "dissolved, because the merge was undone",
    Step.CLOSE: "closed",
    Step.WITHDRAW: "withdrawn by the agency",
    Step.REOPEN: "reopened",
    Step.DELETE: "deleted",
    Step.RESTORE: "restored",
}


class Marker(Enum):
    """A target that only the history knows: the status before the step that is undone."""

    BACK = "back"


STEPS: dict[tuple[Status, Step], Status | Marker] = {
    (Status.DRAFT, Step.SUBMIT): Status.SUBMITTED,
    (Status.SUBMITTED, Step.REJECT): Status.REJECTED,
    (Status.REJECTED, Step.RESUBMIT): Status.SUBMITTED,
    (Status.SUBMITTED, Step.IMPORT): Status.IMPORTED,
    (Status.IMPORTED, Step.UNDO_IMPORT): Status.SUBMITTED,
    (Status.SUBMITTED, Step.MERGE): Status.MERGED,
    (Status.MERGED, Step.UNDO_MERGE): Marker.BACK,
    (Status.SUBMITTED, Step.DISSOLVE): Status.DELETED,
    (Status.SUBMITTED, Step.CLOSE): Status.CLOSED,
    (Status.REJECTED, Step.CLOSE): Status.CLOSED,
    (Status.SUBMITTED, Step.WITHDRAW): Status.CLOSED,
    (Status.REJECTED, Step.WITHDRAW): Status.CLOSED,
    (Status.CLOSED, Step.REOPEN): Marker.BACK,
    (Status.SUBMITTED, Step.DELETE): Status.DELETED,
    (Status.REJECTED, Step.DELETE): Status.DELETED,
    (Status.DELETED, Step.RESTORE): Marker.BACK,
}
"""Every legal step. COMBINE is not here: it is how a result is born, from no status at all."""

UNDOES: dict[Step, frozenset[Step]] = {
    Step.UNDO_MERGE: frozenset({Step.MERGE}),
    Step.REOPEN: frozenset({Step.CLOSE, Step.WITHDRAW}),
    Step.RESTORE: frozenset({Step.DELETE}),
}
"""Which step a BACK step takes back. RESTORE does not undo DISSOLVE: an undone merge stays undone."""

STEP_PERMISSIONS: dict[Step, Permission] = {
    Step.SUBMIT: Permission.WRITE_REFERRALS,
    Step.RESUBMIT: Permission.WRITE_REFERRALS,
    Step.WITHDRAW: Permission.WRITE_REFERRALS,
    Step.REJECT: Permission.REVIEW_REFERRALS,
    Step.CLOSE: Permission.REVIEW_REFERRALS,
    Step.REOPEN: Permission.REVIEW_REFERRALS,
    Step.DELETE: Permission.DELETE_REFERRALS,
    Step.RESTORE: Permission.DELETE_REFERRALS,
    Step.COMBINE: Permission.MERGE_REFERRALS,
    Step.MERGE: Permission.MERGE_REFERRALS,
    Step.UNDO_MERGE: Permission.MERGE_REFERRALS,
    Step.DISSOLVE: Permission.MERGE_REFERRALS,
    Step.IMPORT: Permission.IMPORT_REFERRALS,
    Step.UNDO_IMPORT: Permission.UNDO_IMPORTS,
}


def target(status: Status, step: Step, *, undone: tuple[Step, Status] | None = None) -> Status:
    """The status that `step` leads to from `status`.

    `undone` is the newest step in the history with the status before it; only steps that go
    BACK need it. Refuses a step that the table does not have.
    """
    there = STEPS.get((status, step))
    if there is None:
        raise Refused(f"This referral is {status.label.lower()}: it cannot be {step.done}. Reload to see it as it is.")
    if isinstance(there, Status):
        return there
    if undone is None or undone[0] not in UNDOES[step]:
        raise Refused(f"This referral cannot be {step.done}: its history shows nothing to take back.")
    return undone[1]


class Origin(StrEnum):
    """How a referral came to the desk."""

    AGENCY = "agency"
    STAFF = "staff"
    MERGE = "merge"
    TRANSFER = "transfer"

    @property
    def label(self) -> str:
        return {
            Origin.AGENCY: "Sent by an agency",
            Origin.STAFF: "Entered by staff",
            Origin.MERGE: "Result of a merge",
            Origin.TRANSFER: "Transferred from another center",
        }[self]


class ReturnReason(StrEnum):
    """Why a referral goes back to its agency (ux.md 4.4)."""

    MISSING_INFORMATION = "missing_information"
    UNCLEAR = "unclear"
    WRONG_CENTER = "wrong_center"
    NOT_ELIGIBLE = "not_eligible"
    NEEDS_HOTLINE_REPORT = "needs_hotline_report"
    SENT_IN_ERROR = "sent_in_error"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _RETURN_LABELS[self]


_RETURN_LABELS = {
    ReturnReason.MISSING_INFORMATION: "Information is missing",
    ReturnReason.UNCLEAR: "Something is unclear or contradicts itself",
    ReturnReason.WRONG_CENTER: "It may belong to another center",
    ReturnReason.NOT_ELIGIBLE: "It may not be for this center",
    ReturnReason.NEEDS_HOTLINE_REPORT: "A hotline report must be made first",
    ReturnReason.SENT_IN_ERROR: "It looks sent by mistake",
    ReturnReason.OTHER: "Another reason",
}


class CloseOutcome(StrEnum):
    """Why a real child is not accepted here (product.md section 2)."""

    NOT_ELIGIBLE = "not_eligible"
    OTHER_JURISDICTION = "other_jurisdiction"
    CONSULT_ONLY = "consult_only"
    SERVED_ELSEWHERE = "served_elsewhere"
    WITHDRAWN = "withdrawn"
    NO_ANSWER = "no_answer"

    @property
    def label(self) -> str:
        return _CLOSE_LABELS[self]


_CLOSE_LABELS = {
    CloseOutcome.NOT_ELIGIBLE: "Not eligible",
    CloseOutcome.OTHER_JURISDICTION: "Other jurisdiction",
    CloseOutcome.CONSULT_ONLY: "Consultation only",
    CloseOutcome.SERVED_ELSEWHERE: "Served elsewhere",
    CloseOutcome.WITHDRAWN: "Withdrawn by the agency",
    CloseOutcome.NO_ANSWER: "The agency never answered the return",
}


class DeleteReason(StrEnum):
    """Why a referral goes to the bin: tests, mistakes and exact doubles only."""

    TEST = "test"
    SENT_IN_ERROR = "sent_in_error"
    DUPLICATE = "duplicate"

    @property
    def label(self) -> str:
        return _DELETE_LABELS[self]


_DELETE_LABELS = {
    DeleteReason.TEST: "A test, not a real child",
    DeleteReason.SENT_IN_ERROR: "Sent by mistake",
    DeleteReason.DUPLICATE: "Exactly the same referral twice",
}
