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
    PRINT_REFERRALS = "print_referrals"
    DELETE_REFERRALS = "delete_referrals"
    MERGE_REFERRALS = "merge_referrals"
    IMPORT_REFERRALS = "import_referrals"
    UNDO_IMPORTS = "undo_imports"
    SEE_CLIENTS = "see_clients"
    EDIT_CLIENTS = "edit_clients"
    MERGE_CLIENTS = "merge_clients"
    LOAD_CLIENTS = "load_clients"
    RESTRICT_RECORDS = "restrict_records"
    BREAK_GLASS = "break_glass"
    SEE_EMERGENCIES = "see_emergencies"
    SEE_DESK_COUNTS = "see_desk_counts"
    SEE_STATISTICS = "see_statistics"
    SEE_AGENCY_STATISTICS = "see_agency_statistics"
    SEE_SUPPRESSED_TOTALS = "see_suppressed_totals"
    EXPORT_TOTALS = "export_totals"
    SEE_AUDIT_TRAIL = "see_audit_trail"
    EXPORT_AUDIT_TRAIL = "export_audit_trail"
    SEE_WHO_LOOKED = "see_who_looked"
    SEE_USERS = "see_users"
    MANAGE_USERS = "manage_users"
    END_SESSIONS = "end_sessions"
    MANAGE_AGENCIES = "manage_agencies"
    MANAGE_SETTINGS = "manage_settings"
    SEE_HEALTH = "see_health"
    MANAGE_BACKUPS = "manage_backups"
    MANAGE_RETENTION = "manage_retention"
    SEE_RETENTION = "see_retention"
    APPROVE_PURGES = "approve_purges"
    PLACE_HOLDS = "place_holds"


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
    Permission.PRINT_REFERRALS: frozenset({S, V}),
    Permission.DELETE_REFERRALS: frozenset({S, V}),
    Permission.MERGE_REFERRALS: frozenset({S, V}),
    Permission.IMPORT_REFERRALS: frozenset({S, V}),
    Permission.UNDO_IMPORTS: frozenset({V}),
    Permission.SEE_CLIENTS: frozenset({S, V}),
    Permission.EDIT_CLIENTS: frozenset({S, V}),
    Permission.MERGE_CLIENTS: frozenset({S, V}),
    Permission.LOAD_CLIENTS: frozenset({V}),
    Permission.RESTRICT_RECORDS: frozenset({S, V}),
    Permission.BREAK_GLASS: frozenset({S, V}),
    Permission.SEE_EMERGENCIES: frozenset({V}),
    Permission.SEE_DESK_COUNTS: frozenset({S, V}),
    Permission.SEE_STATISTICS: frozenset({V}),
    Permission.SEE_AGENCY_STATISTICS: frozenset({L}),
    Permission.SEE_SUPPRESSED_TOTALS: frozenset({V, U}),
    Permission.EXPORT_TOTALS: frozenset({V, U}),
    Permission.SEE_AUDIT_TRAIL: frozenset({V, A, U}),
    Permission.EXPORT_AUDIT_TRAIL: frozenset({V, A, U}),
    Permission.SEE_WHO_LOOKED: frozenset({S, V, U}),
    Permission.SEE_USERS: frozenset({V, A, U}),
    Permission.MANAGE_USERS: frozenset({A}),
    Permission.END_SESSIONS: frozenset({V, A}),
    Permission.MANAGE_AGENCIES: frozenset({A}),
    Permission.MANAGE_SETTINGS: frozenset({A}),
    Permission.SEE_HEALTH: frozenset({V, A, U}),
    Permission.MANAGE_BACKUPS: frozenset({A}),
    Permission.MANAGE_RETENTION: frozenset({A}),
    Permission.SEE_RETENTION: frozenset({V, A, U}),
    Permission.APPROVE_PURGES: frozenset({V, A}),
    Permission.PLACE_HOLDS: frozenset({V, A}),
}


def may(actor: Actor, permission: Permission) -> bool:
    """Whether any of the actor's roles grants the permission (roles are additive)."""
    return bool(actor.roles & GRANTS[permission])


WORDS: dict[Permission, str] = {
    Permission.OWN_ACCOUNT: "Sign in and out, change one's own password and second factor, see and end own sessions",
    Permission.WRITE_REFERRALS: "Write, send, correct and withdraw referrals of one's own agency",
    Permission.SEE_OWN_REFERRALS: "See one's own referrals (an agency lead: the agency's)",
    Permission.SEE_QUEUE: "See the referral queue and open referrals",
    Permission.REVIEW_REFERRALS: "Return, ask, close, reopen, correct and note",
    Permission.PHONE_IN_REFERRALS: "Enter a phoned-in referral for an agency",
    Permission.PRINT_REFERRALS: "Print a referral in full, with a written reason",
    Permission.DELETE_REFERRALS: "Delete a referral to the bin and restore it",
    Permission.MERGE_REFERRALS: "Merge referrals, undo a merge, say that two are not the same child",
    Permission.IMPORT_REFERRALS: "Import a referral as a new client or to a client",
    Permission.UNDO_IMPORTS: "Undo an import",
    Permission.SEE_CLIENTS: "Search and open clients",
    Permission.EDIT_CLIENTS: "Change clients and cases, add a walk-in client",
    Permission.MERGE_CLIENTS: "Merge two files that are one child, and undo it, each with a written reason",
    Permission.LOAD_CLIENTS: "Load clients from a spreadsheet",
    Permission.RESTRICT_RECORDS: "Restrict a referral or client to named people",
    Permission.BREAK_GLASS: "Open a restricted record in an emergency, with a written reason, for 60 minutes",
    Permission.SEE_EMERGENCIES: "Be told when somebody opened a restricted record in an emergency",
    Permission.SEE_DESK_COUNTS: "See how many referrals wait",
    Permission.SEE_STATISTICS: "See statistics",
    Permission.SEE_AGENCY_STATISTICS: "See the numbers of one's own agency",
    Permission.SEE_SUPPRESSED_TOTALS: "See totals with small numbers hidden",
    Permission.EXPORT_TOTALS: "Export totals with small numbers hidden",
    Permission.SEE_AUDIT_TRAIL: "Read the audit trail",
    Permission.EXPORT_AUDIT_TRAIL: "Check and export the audit trail",
    Permission.SEE_WHO_LOOKED: "See who looked at a record",
    Permission.SEE_USERS: "See users and agencies",
    Permission.MANAGE_USERS: "Make, change and deactivate users, hand out one-time codes, take a second factor away",
    Permission.END_SESSIONS: "Sign somebody out everywhere",
    Permission.MANAGE_AGENCIES: "Make, change and deactivate agencies",
    Permission.MANAGE_SETTINGS: "Change the center's settings",
    Permission.SEE_HEALTH: "See the health of the desk and its backups",
    Permission.MANAGE_BACKUPS: "Back up now",
    Permission.MANAGE_RETENTION: "Set how long what is kept, and ask for a purge by that rule",
    Permission.SEE_RETENTION: "See what is due to be purged, legal holds and certificates, by number only",
    Permission.APPROVE_PURGES: "Agree to a purge that somebody else asked for",
    Permission.PLACE_HOLDS: "Place and lift legal holds",
}
"""What each permission allows, as the app shows it."""
