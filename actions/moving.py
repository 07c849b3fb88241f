"""Moving a site's data to another database, whole or not at all."""

from actions.site import Site
from actions.work import system_work
from db import copying
from db.copying import Content
from db.store import Store
from domain.refusals import Refused
from settings import with_driver


def move(site: Site, url: str) -> dict[str, Content]:
    """Carry every row to an empty database and compare counts and hashes. The source stays as it is.

    Refuses while writers are at work on a moving target's source: rows would be missing. Stop the app first.
    """
    if url == site.store.url:
        raise Refused("This is the database the desk uses already.")
    target = Store(with_driver(url), site.keys.site, None)
    try:
        arrived = copying.move(site.store.engine, target.engine)
    finally:
        target.close()
    with system_work("Move to another database") as work:
        work.record("data.moved", "database", count=sum(content.rows for content in arrived.values()))
    return arrived
