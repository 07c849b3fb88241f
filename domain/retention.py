"""How long what is kept: the periods, what is due, what a legal hold covers, and who may agree to a purge."""

from enum import StrEnum


class HeldScope(StrEnum):
    """What a legal hold is placed on."""

    REFERRAL = "referral"
    CLIENT = "client"
    AGENCY = "agency"
    EVERYTHING = "everything"

    @property
    def label(self) -> str:
        return {
            HeldScope.REFERRAL: "One referral",
            HeldScope.CLIENT: "One client, with every referral about the child",
            HeldScope.AGENCY: "All referrals of one agency",
            HeldScope.EVERYTHING: "Everything",
        }[self]


class ItemKind(StrEnum):
    """What can be purged by rule. Imported, merged, closed and waiting referrals never are."""

    REFERRAL = "referral"
    DRAFT = "draft"
    INTAKE_DRAFT = "intake_draft"
    WALK_IN_DRAFT = "walk_in_draft"

    @property
    def label(self) -> str:
        return {
            ItemKind.REFERRAL: "Referrals in the bin",
            ItemKind.DRAFT: "Drafts that were never sent",
            ItemKind.INTAKE_DRAFT: "Half-done imports",
            ItemKind.WALK_IN_DRAFT: "Half-typed new clients",
        }[self]


class ItemOutcome(StrEnum):
    """What became of one record of a purge."""

    ASKED = "asked"
    PURGED = "purged"
    HELD = "held"
    """Kept by a legal hold that was placed after the purge was asked for."""
    CHANGED = "changed"
    """Restored, sent or worked on after the purge was asked for."""
