"""What the desk does by itself about retention: it looks what is due and says so. It never purges: people do."""

from dataclasses import dataclass
from datetime import datetime

from actions import site as sites
from actions.center import retention
from actions.site import Site
from actions.work import Work, permitted, system_work
from db import backup, engines, rewriting
from db import retention as statements
from domain.permissions import Permission

DESK = "Retention"


@dataclass(frozen=True)
class Standing:
    """How retention stands: what is due, since when, what waits for a person, and whether files lie unwritten."""

    due: int
    late_since: datetime | None
    """When the first of them became due."""
    asked_at: datetime | None
    unwritten_since: datetime | None


def run(site: Site) -> Standing:
    """Look what is due, and leave a line in the audit trail."""
    with system_work(DESK) as work:
        standing = stand(work)
        work.record("retention.run", count=standing.due)
    return standing


def stand(work: Work) -> Standing:
    """How retention stands now; nothing before the first run."""
    if not retention.is_set_up(work):
        return Standing(0, None, None, None)
    rules = retention.periods_of(work)
    free = [one for one in retention.due(work) if one.held_by is None]
    asked = work.session.scalars(statements.waiting_request()).first()
    unwritten = work.session.scalars(statements.not_written_anew()).all()
    return Standing(
        due=len(free),
        late_since=min((one.since + rules.length(one.kind) for one in free), default=None),
        asked_at=asked.requested_at if asked else None,
        unwritten_since=min((one.done_at for one in unwritten if one.done_at), default=None),
    )


def unfinished(site: Site) -> bool:
    """Whether a purge was carried out after which the files still have to be written anew."""
    with site.store.reading() as session:
        return session.scalars(statements.not_written_anew()).first() is not None


def finish(site: Site) -> None:
    """After a purge: write the database's files anew, so that nothing of what was purged is left in them.

    Refuses in words where the database is busy or the disk full; the night tries again.
    """
    with site.store.reading() as session:
        outstanding = {purge.id for purge in session.scalars(statements.not_written_anew())}
    rewriting.write_anew(site.store)
    with system_work(DESK) as work:
        for purge in work.session.scalars(statements.not_written_anew()):
            if purge.id in outstanding:
                purge.rewritten_at = work.now
        work.record("retention.run", "purge", count=len(outstanding), reason="files written anew")


def finish_now() -> None:
    """The same for a screen, right after somebody agreed to a purge; nothing where nothing is outstanding."""
    if unfinished(sites.present()):
        finish(sites.present())


@permitted(Permission.SEE_RETENTION)
def kept_aside(work: Work) -> tuple[str, ...]:
    """What a restore replaced and kept: it still holds what was purged since, and nobody but people removes it."""
    site = sites.present()
    file = engines.sqlite_file(site.store.url)
    if file is None:
        return backup.replaced_schemas(work.session.connection())
    return tuple(sorted(path.name for path in file.parent.glob(f"{file.name}.replaced-*")))
