"""Files on their way out: offered to one session, for one minute, fetched once through a signed-in route."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from actions.work import Work, now, permitted, working
from domain.codes import token
from domain.permissions import Permission

OFFERED_FOR = timedelta(seconds=60)
MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Offered:
    """A file that one session may fetch once."""

    session_id: UUID
    name: str
    kind: str
    content: bytes
    until: datetime


_offers: dict[str, Offered] = {}
_lock = threading.Lock()


@permitted(Permission.OWN_ACCOUNT)
def offer(work: Work, name: str, kind: str, content: bytes) -> str:
    """Offer a file that an action has just made for this person; gives the address to fetch it from.

    What may be exported, and the record of it, is the business of the action that made the file.
    """
    assert work.actor.session_id
    link = token()
    with _lock:
        for old in [name for name, one in _offers.items() if one.until < work.now]:
            del _offers[old]
        while len(_offers) >= MOST_AT_ONCE:
            del _offers[next(iter(_offers))]
        _offers[link] = Offered(work.actor.session_id, name, kind, content, work.now + OFFERED_FOR)
    return f"/export/{link}"


def fetch(link: str, session_id: UUID) -> Offered | None:
    """The file of a link, once, for the session it was offered to; None for anybody else, later or again."""
    with _lock:
        offered = _offers.get(link)
        if offered is None or offered.session_id != session_id:
            return None
        del _offers[link]
    if offered.until < now():
        return None
    with working(session_id) as work:
        work.record("export.downloaded", "session", session_id, count=len(offered.content))
    return offered
