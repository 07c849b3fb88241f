"""Taking what was shown of certain records out of a document that was kept about another one."""

import json
from collections.abc import Collection
from typing import Any


def without(document: str, ids: Collection[str]) -> str:
    """A JSON document without every part that is about one of these ids; other text comes back as it is.

    A part is about an id when it is a dictionary that names it as a value, or stands under it as a key. Documents
    inside of documents, kept as text, are looked into as well.
    """
    if not any(one in document for one in ids):
        return document
    try:
        parsed = json.loads(document)
    except ValueError:
        return document
    return json.dumps(_without(parsed, ids), sort_keys=True, ensure_ascii=False)


def _without(value: Any, ids: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {name: _without(part, ids) for name, part in value.items() if name not in ids and not _about(part, ids)}
    if isinstance(value, list):
        return [_without(part, ids) for part in value if not _about(part, ids)]
    return without(value, ids) if isinstance(value, str) and value[:1] in "{[" else value


def _about(part: Any, ids: Collection[str]) -> bool:
    return isinstance(part, dict) and any(isinstance(named, str) and named in ids for named in part.values())
