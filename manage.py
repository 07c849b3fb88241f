"""The console of the desk: `python manage.py COMMAND`, for whoever sits at its computer."""

import argparse
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path

from actions import backups, console, hands, health, match_weights, moving, site
from actions.center import loading_at_the_console, statistics
from actions.demo import fill
from actions.desk import desk
from domain.refusals import Refused
from settings import current

PASSWORDS = "demo-passwords.txt"


def migrate(_asked: argparse.Namespace) -> None:
    """bring the database up to date, after a backup of it"""
    with site.opened(current()) as opened:
        print(f"The database is up to date: {opened.store.description()}.")
        if opened.new:
            print(opened.recovery_sheet)


def demo(_asked: argparse.Namespace) -> None:
    """fill an empty database with an invented center and print who can sign in"""
    with site.opened(current()) as opened:
        kept = opened.settings.data_dir / PASSWORDS
        if not (desk().demo and kept.exists()):
            accounts = fill()
            lines = [f"{who.username:10}{who.password:34}{who.name}, {who.what}" for who in accounts]
            kept.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print("A demo: everybody in it is invented. Do not enter real children. Who can sign in:\n")
        print(kept.read_text(encoding="utf-8"))


def backup(_asked: argparse.Namespace) -> None:
    """take a backup, check it, and copy it to the second place"""
    with site.opened(current()) as opened:
        taken = backups.take(opened)
    print(f"Backed up and read back: {taken.file}")
    print(_spoken(taken.manifest.counts))
    if taken.copied_to:
        print(f"Copied to {taken.copied_to}")
    if taken.trouble:
        raise Refused(taken.trouble)


def restore(asked: argparse.Namespace) -> None:
    """put a backup in place of the database; what it replaces is kept"""
    key = _typed_key()
    manifest = backups.look_into(current(), asked.file, key)
    print(f"Backup of {manifest.moment:%d %b %Y %H:%M} UTC, found whole: {_spoken(manifest.counts)}")
    if not asked.yes and input("Put it in place of what is here now? Type yes: ").strip().lower() != "yes":
        raise Refused("Nothing was changed.")
    replaced = backups.restore(current(), asked.file, key)
    print("Restored. Everybody signs in again.")
    if replaced:
        print(f"What was there before is kept as {replaced}")


def drill(asked: argparse.Namespace) -> None:
    """try out a backup (the newest one) beside the real database"""
    with site.opened(current()) as opened:
        tried = backups.drill(opened, asked.file)
    print(f"{tried.file.name} of {tried.taken_at:%d %b %Y %H:%M} UTC was brought back on trial and is whole.")
    print(_spoken(tried.counts))


def verify_audit(_asked: argparse.Namespace) -> None:
    """check the audit trail entry by entry"""
    with site.opened(current()) as opened:
        trouble = backups.check_audit_trail(opened)
    if trouble:
        raise Refused(f"The audit trail is not whole. {trouble} Keep the backups, and call for help.")
    print("The audit trail is whole.")


def look(_asked: argparse.Namespace) -> None:
    """say how the site is doing, and what to do next"""
    with site.opened(current()) as opened:
        found = health.look(opened, datetime.now(UTC))
    for line in found.lines:
        print(f"{line.light.name:7}{line.name:10}{line.words} {line.next_step}".rstrip())
    if found.light is health.Light.RED:
        raise Refused(found.next_step)


def move(asked: argparse.Namespace) -> None:
    """carry all data to an empty database, and compare"""
    with site.opened(current()) as opened:
        arrived = moving.move(opened, asked.to)
    for name, content in sorted(arrived.items()):
        if content.rows:
            print(f"{content.rows:8} {name:24}{content.sha256[:16]}")
    print("Every row arrived and has the same hash. Now set DATABASE_URL to the new database and start the desk.")


def recovery_sheet(_asked: argparse.Namespace) -> None:
    """print the recovery sheet again"""
    with site.opened(current()):
        print(console.recovery_sheet())


def recover(asked: argparse.Namespace) -> None:
    """give an administrator who is locked out a one-time code"""
    with site.opened(current()):
        code = console.recover(asked.username)
    print(f"One-time code for {asked.username}, good for 24 hours: {code}")


def import_clients(asked: argparse.Namespace) -> None:
    """load present clients from a spreadsheet, after a dry run that tells every line's fate"""
    wanted = loading_at_the_console.Wanted(asked.file, asked.mapping, asked.dry_run, asked.leave_out, asked.mending)
    with site.opened(current()):
        person = hands.of_person(asked.person)
        batch, counts = loading_at_the_console.prepare(person, wanted, lambda words: print(words, end="", flush=True))
        if asked.dry_run:
            print("Nothing was loaded: this was a dry run.")
            return
        if counts.to_decide:
            waiting = "1 line waits" if counts.to_decide == 1 else f"{counts.to_decide:,} lines wait"
            raise Refused(
                f"{waiting} for a decision. Sign in as {asked.person} and decide them under "
                "“Load clients”, or give --leave-out to leave them out."
            )
        if not asked.yes and input(f"Load {counts.new:,} new clients? Type yes: ").strip().lower() != "yes":
            raise Refused("Nothing was loaded. The checked file waits under “Load clients”.")
        print(loading_at_the_console.load(person, batch))


def learn_weights(asked: argparse.Namespace) -> None:
    """learn how this center's records differ, show it, and use it in the search after a yes"""
    with site.opened(current()):
        if asked.back:
            print(match_weights.take_back())
            return
        found = match_weights.learnt()
        print("\n".join(match_weights.told(found)))
        if not asked.yes and input("Use these in every search from now on? Type yes: ").strip().lower() != "yes":
            raise Refused("Nothing was changed.")
        match_weights.use(found)
    print("Every search uses them from now on. To return to what was before: manage.py learn-weights --back")


def weekly_summary(asked: argparse.Namespace) -> None:
    """print or write the last week in sentences, without a name"""
    with site.opened(current()), hands.of_person(asked.person).working() as work:
        lines = statistics.take_out_weekly_summary(work)
    words = "\n".join(lines) + "\n"
    if asked.file is None:
        print(words, end="")
        return
    try:
        asked.file.write_text(words, encoding="utf-8")
    except OSError as trouble:
        raise Refused(
            f"The summary cannot be written to {asked.file}: {trouble.strerror}. Name another file."
        ) from None
    print(f"Written to {asked.file}")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 1 when it was refused, with the sentence that says what to do."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    asked = _parser().parse_args(arguments)
    try:
        asked.act(asked)
    except Refused as refusal:
        print(refusal.message, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manage.py", description="The console of Referral Desk.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, act: Callable[[argparse.Namespace], None]) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=act.__doc__, description=act.__doc__)
        command.set_defaults(act=act)
        return command

    add("migrate", migrate)
    add("demo", demo)
    add("backup", backup)
    restoring = add("restore", restore)
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--yes", action="store_true", help="do not ask again")
    add("drill", drill).add_argument("file", type=Path, nargs="?")
    add("verify-audit", verify_audit)
    add("health", look)
    add("move", move).add_argument("--to", required=True, metavar="URL", help="postgresql://user:password@server/name")
    loading = add("import-clients", import_clients)
    loading.add_argument("file", type=Path)
    loading.add_argument("--as", dest="person", required=True, metavar="USERNAME", help="the supervisor who loads it")
    loading.add_argument("--mapping", type=Path, help="JSON with what each column is: see docs/loading-clients.md")
    loading.add_argument("--dry-run", action="store_true", help="only say what would become of every line")
    loading.add_argument("--leave-out", action="store_true", help="leave out every line that asks for a decision")
    loading.add_argument("--mending", type=Path, help="write the lines that were not loaded to this CSV file")
    loading.add_argument("--yes", action="store_true", help="do not ask again")
    week = add("weekly-summary", weekly_summary)
    week.add_argument("file", type=Path, nargs="?", help="write it there instead of printing it")
    week.add_argument("--as", dest="person", required=True, metavar="USERNAME", help="the supervisor who takes it out")
    add("recovery-sheet", recovery_sheet)
    learning = add("learn-weights", learn_weights)
    learning.add_argument("--yes", action="store_true", help="do not ask")
    learning.add_argument("--back", action="store_true", help="return to the weights that were used before")
    add("recover", recover).add_argument("username")
    return parser


def _typed_key() -> str:
    asking = "Recovery key from the sheet (twelve groups of five): "
    return getpass(asking) if sys.stdin.isatty() else sys.stdin.readline()


def _spoken(counts: dict[str, int]) -> str:
    named = (
        ("referral", "referrals"),
        ("client", "clients"),
        ("user_account", "people"),
        ("audit_entry", "audit entries"),
    )
    return ", ".join(f"{counts.get(table, 0):,} {words}" for table, words in named)


if __name__ == "__main__":
    sys.exit(main())
