"""Streamlit's own scripts, styles and fonts, answered from memory: a first load asks for a hundred of them."""

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

FOREVER = "public, max-age=31536000, immutable"
"""Their names hold a digest of what is in them."""
KINDS = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".wasm": "application/wasm"}
"""Not left to the system's own table: a Windows one may call a script plain text."""
WORTH_PACKING = (".js", ".css", ".svg", ".wasm")


class FrontEnd:
    """Middleware that answers for every file of a folder under an address, and hands everything else on.

    Only names found there at start are answered, letter for letter, so that no address leads out of the folder.
    """

    def __init__(self, app: ASGIApp, *, folder: Path, address: str) -> None:
        self.app = app
        found = (path for path in folder.rglob("*") if path.is_file())
        self._files = {f"{address}/{path.relative_to(folder).as_posix()}": path for path in found}
        self._content = lru_cache(maxsize=None)(_content)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = self._asked(scope)
        if file is None:
            await self.app(scope, receive, send)
            return
        packed = file.suffix in WORTH_PACKING and _from_elsewhere(scope) and _unpacks(scope)
        headers = {"cache-control": FOREVER, "vary": "accept-encoding"}
        if packed:
            headers["content-encoding"] = "gzip"
        await Response(self._content(file, packed), headers=headers, media_type=_kind(file))(scope, receive, send)

    def _asked(self, scope: Scope) -> Path | None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return None
        return self._files.get(scope["path"])


def _content(file: Path, packed: bool) -> bytes:
    content = file.read_bytes()
    return gzip.compress(content, mtime=0) if packed else content


def _from_elsewhere(scope: Scope) -> bool:
    """Whether the browser is on another computer: on this one, packing only costs time."""
    return not scope["desk"].on_this_computer


def _unpacks(scope: Scope) -> bool:
    return "gzip" in Headers(scope=scope).get("accept-encoding", "")


def _kind(file: Path) -> str:
    return KINDS.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
