"""What is told of users, agencies, rules, numbers and the trail itself."""

from dataclasses import replace

from actions import counting, exports
from actions.center import agencies, audit_trail, center_details, door_rules, statistics, users
from actions.center.audit_trail import Wanted
from actions.form_help import choose_language
from actions.work import working
from db.tables.audit import AuditEntry
from domain.door_rules import DoorRules
from domain.people import Role
from domain.statistics import wanted
from tests.security.scenarios.stage import Stage, Told


def _makes_user(s: Stage):
    name = s.word()
    s.does(users.make_user, name, users.Details("Tomas Reyes"), [Role.STAFF], None)
    return s.listed(name).id


def _makes_agency(s: Stage):
    s.does(agencies.make_agency, f"Agency {s.word()}", "le")
    return s.gave


def _moves_the_center(s: Stage):
    with working(s.cast.ada.session_id) as work:
        version, details = center_details.center_details(work)
    s.does(center_details.change_center_details, version, replace(details, on_call_phone="719-555-0142"))


def _line(user):
    return user.id, user.version


def _switched_off(s: Stage):
    user = s.user()
    s.done("ada", users.deactivate, *_line(user))
    return _line(s.listed(user.username))


def _closed_agency(s: Stage):
    made, version = s.agency()
    s.done("ada", agencies.switch_agency_off, made, version)
    return made, version + 1


def _speaks_spanish(s: Stage):
    s.does(choose_language, "es")
    return s.cast.peter.user_id


def _asks_the_trail(s: Stage):
    s.does(audit_trail.find, Wanted(person=s.cast.olga.user_id))
    return s.cast.olga.user_id


def _checks_a_forged_trail(s: Stage):
    with s.store.writing() as session:
        entry = session.get_one(AuditEntry, 1)
        kept, entry.reason = entry.reason, "something else"
    s.does(audit_trail.check)
    with s.store.writing() as session:
        session.get_one(AuditEntry, 1).reason = kept


def _fetches(s: Stage):
    session = s.cast.sam.session_id

    def offered_and_fetched():
        with working(session) as work:
            link = exports.offer(work, "totals.xlsx", "application/zip", b"totals")
        return exports.fetch(link.removeprefix("/export/"), session)

    s.tries(offered_and_fetched)
    return session


def _score_card(s: Stage):
    s.does(statistics.export_score_card, wanted.Wanted(agency_id=s.cast.sheriff_id))
    return s.cast.sheriff_id


def _counts_otherwise(s: Stage):
    with s.as_("sam") as work:
        setup = counting.setup_of(work)
    s.does(statistics.save_setup, replace(setup, least=7))


TOLD = (
    Told("user.created", "ada", "user", _makes_user),
    Told(
        "user.updated",
        "ada",
        "user",
        lambda s: s.does(users.change_user, *_line(s.user()), users.Details("Tomas R.")),
    ),
    Told(
        "user.role_added",
        "ada",
        "user",
        lambda s: s.does(users.set_roles, *_line(s.user()), [Role.STAFF, Role.AUDITOR]),
    ),
    Told("user.role_removed", "ada", "user", lambda s: s.does(users.set_roles, *_line(s.user()), [Role.AUDITOR])),
    Told("user.deactivated", "ada", "user", lambda s: s.does(users.deactivate, *_line(s.user()))),
    Told("user.reactivated", "ada", "user", lambda s: s.does(users.reactivate, *_switched_off(s))),
    Told("user.unlocked", "ada", "user", lambda s: s.does(users.unlock, s.user().id)),
    Told("user.language_chosen", "peter", "user", _speaks_spanish),
    Told("agency.created", "ada", "agency", _makes_agency),
    Told(
        "agency.updated",
        "ada",
        "agency",
        lambda s: s.does(agencies.change_agency, *s.agency(), s.word(), "le", team_partner=True),
    ),
    Told("agency.deactivated", "ada", "agency", lambda s: s.does(agencies.switch_agency_off, *s.agency())),
    Told("agency.reactivated", "ada", "agency", lambda s: s.does(agencies.switch_agency_on, *_closed_agency(s))),
    Told(
        "settings.changed",
        "ada",
        "center",
        lambda s: s.does(door_rules.set_door_rules, DoorRules(idle_minutes=10)),
    ),
    Told("settings.changed", "ada", "center", _moves_the_center),
    Told("export.totals", "sam", "statistics", lambda s: s.does(statistics.export, wanted.Wanted())),
    Told("export.totals", "sam", "statistics", lambda s: s.does(statistics.take_out_weekly_summary)),
    Told("export.totals", "sam", "agency", _score_card),
    Told("statistics.set_up", "sam", "center", _counts_otherwise),
    Told("export.downloaded", "sam", "session", _fetches),
    Told("audit.read", "sam", "user", _asks_the_trail),
    Told("audit.exported", "sam", "audit", lambda s: s.does(audit_trail.export, Wanted())),
    Told("audit.verified", "sam", "audit", lambda s: s.does(audit_trail.check)),
    Told("audit.chain_broken", "sam", "audit", _checks_a_forged_trail),
)
