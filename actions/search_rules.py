"""After an upgrade with other search keys: every file on record is found by them too, without anybody doing a thing."""

import logging

from actions.site import Site
from actions.work import system_work
from db import search_rules
from domain.matching import KEY_RULES

log = logging.getLogger("desk.search")

DESK = "The desk's search"
AT_ONCE = 300
"""Records in one transaction: nobody who saves waits for longer than these take."""


def due(site: Site) -> bool:
    """Whether records may still be keyed by the rules of an earlier program."""
    with site.store.reading() as session:
        return search_rules.kept_rules(session) != KEY_RULES


def run(site: Site) -> int:
    """Key anew whatever is not keyed by today's rules; gives how many records that were."""
    after: int | None = 0
    changed = 0
    while after is not None:
        with system_work(DESK) as work:
            after, some = search_rules.key_anew(work.session, after, AT_ONCE)
        changed += some
    with system_work(DESK) as work:
        search_rules.note_rules(work.session)
    log.info("%d records keyed anew", changed)
    return changed
