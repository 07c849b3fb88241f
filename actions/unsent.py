"""What a person typed in a dialog and did not send: theirs alone, kept until the dialog did its work."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from actions.work import Work, permitted
from db import unsent as statements
from db.tables.unsent import UnsentWords
from domain.permissions import Permission
from domain.refusals import Refused

LONGEST = 200_000
"""Characters of one dialog's boxes together: many times the longest comment."""


@dataclass(frozen=True)
class Unsent:
    """The boxes of a dialog as they were left, and the version of the record that was looked at meanwhile."""

    record_id: UUID
    dialog: str
    typed: dict[str, Any]
    version: int
    saved_at: datetime


@permitted(Permission.OWN_ACCOUNT)
def keep(work: Work, record_id: UUID, dialog: str, typed: Mapping[str, Any], version: int = 0) -> None:
    """Keep what stands in a dialog's boxes; empty boxes are as good as none."""
    # Escapes keep whatever can be typed, a NUL too, which the act itself will refuse with its own sentence.
    text = json.dumps(dict(typed), sort_keys=True)
    if len(text) > LONGEST:
        raise Refused("This text is too long to be kept. Shorten it, or send it in two parts.")
    row = work.session.scalar(statements.unsent(work.actor.user_id, record_id, dialog))
    if not typed:
        if row is not None:
            work.session.delete(row)
        return
    if row is None:
        row = UnsentWords(user_id=work.actor.user_id, record_id=record_id, dialog=dialog)
        work.session.add(row)
    row.typed, row.version, row.saved_at = text, version, work.now


@permitted(Permission.OWN_ACCOUNT)
def kept(work: Work, record_id: UUID, dialog: str) -> Unsent | None:
    """What this person typed in the dialog and did not send; nobody else's."""
    row = work.session.scalar(statements.unsent(work.actor.user_id, record_id, dialog))
    return _value(row) if row else None


@permitted(Permission.OWN_ACCOUNT)
def kept_about(work: Work, record_id: UUID) -> list[Unsent]:
    """Everything that this person typed about the record and did not send."""
    return [_value(row) for row in work.session.scalars(statements.unsent_about(work.actor.user_id, record_id))]


@permitted(Permission.OWN_ACCOUNT)
def forget(work: Work, record_id: UUID, dialog: str) -> None:
    """Remove what was typed: it was sent, or the person does not want it."""
    work.session.execute(statements.forget_unsent(work.actor.user_id, record_id, dialog))


def _value(row: UnsentWords) -> Unsent:
    return Unsent(row.record_id, row.dialog, json.loads(row.typed), row.version, row.saved_at)
