"""Which role may do what: one table, shown in the app and tried cell by cell in the tests."""

from enum import StrEnum

from domain.people import Actor, Role


class Permission(StrEnum):
    """Everything a person may be allowed to do. An action names exactly one of these."""

    OWN_ACCOUNT = "own_account"
    WRITE_REFERRALS = "write_referrals"
    SEE_OWN_REFERRALS = "see_own_referrals"
    SEE_QUEUE = "see_queue"
    REVIEW_REFERRALS = "review_referrals"
    PHONE_IN_REFERRALS = "phone_in_referrals"
    DELETE_REFERRALS = "delete_referrals"
    MERGE_REFERRALS = "merge_referrals"
    IMPORT_REFERRALS = "import_referrals"
    UNDO_IMPORTS = "undo_imports"
    SEE_CLIENTS = "see_clients"
    EDIT_CLIENTS = "edit_clients"
    LOAD_CLIENTS = "load_clients"
    RESTRICT_RECORDS = "restrict_records"
    BREAK_GLASS = "break_glass"
    SEE_DESK_COUNTS = "see_desk_counts"
    SEE_STATISTICS = "see_statistics"
    SEE_AGENCY_STATISTICS = "see_agency_statistics"
    SEE_SUPPRESSED_TOTALS = "see_suppressed_totals"
    EXPORT_TOTALS = "export_totals"
    SEE_AUDIT_TRAIL = "see_audit_trail"
    EXPORT_AUDIT_TRAIL = "export_audit_trail"
    SEE_USERS = "see_users"
    MANAGE_USERS = "manage_users"
    MANAGE_AGENCIES = "manage_agencies"
    MANAGE_SETTINGS = "manage_settings"
    SEE_HEALTH = "see_health"
    MANAGE_BACKUPS = "manage_backups"
    MANAGE_RETENTION = "manage_retention"


R, L, S, V, A, U = (
    Role.REFERRAL_USER,
    Role.AGENCY_LEAD,
    Role.STAFF,
    Role.SUPERVISOR,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)

GRANTS: dict[Permission, frozenset[Role]] = {
    Permission.OWN_ACCOUNT: frozenset({R, L, S, V, A, U}),
    Permission.WRITE_REFERRALS: frozenset({R, L}),
    Permission.SEE_OWN_REFERRALS: frozenset({R, L}),
    Permission.SEE_QUEUE: frozenset({S, V}),
    Permission.REVIEW_REFERRALS: frozenset({S, V}),
    Permission.PHONE_IN_REFERRALS: frozenset({S, V}),
    Permission.DELETE_REFERRALS: frozenset({S, V}),
    Permission.MERGE_REFERRALS: frozenset({S, V}),
    Permission.IMPORT_REFERRALS: frozenset({S, V}),
    Permission.UNDO_IMPORTS: frozenset({V}),
    Permission.SEE_CLIENTS: frozenset({S, V}),
    Permission.EDIT_CLIENTS: frozenset({S, V}),
    Permission.LOAD_CLIENTS: frozenset({V}),
    Permission.RESTRICT_RECORDS: frozenset({S, V}),
    Permission.BREAK_GLASS: frozenset({A}),
    Permission.SEE_DESK_COUNTS: frozenset({S, V}),
    Permission.SEE_STATISTICS: frozenset({V}),
    Permission.SEE_AGENCY_STATISTICS: frozenset({L}),
    Permission.SEE_SUPPRESSED_TOTALS: frozenset({V, U}),
    Permission.EXPORT_TOTALS: frozenset({V, U}),
    Permission.SEE_AUDIT_TRAIL: frozenset({V, A, U}),
    Permission.EXPORT_AUDIT_TRAIL: frozenset({V, A, U}),
    Permission.SEE_USERS: frozenset({V, A, U}),
    Permission.MANAGE_USERS: frozenset({A}),
    Permission.MANAGE_AGENCIES: frozenset({A}),
    Permission.MANAGE_SETTINGS: frozenset({A}),
    Permission.SEE_HEALTH: frozenset({V, A, U}),
    Permission.MANAGE_BACKUPS: frozenset({A}),
    Permission.MANAGE_RETENTION: frozenset({A}),
}


def may(actor: Actor, permission: Permission) -> bool:
    """Whether any of the actor's roles grants the permission (roles are additive)."""
    return bool(actor.roles & GRANTS[permission])
