import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from streamlit.file_util import get_static_dir

from web.front_end import FOREVER, FrontEnd
from web.visitors import Origin

ELSEWHERE, HERE = Origin("10.0.0.7", tls=True), Origin("127.0.0.1", tls=False)
SHIPPED = Path(get_static_dir()) / "static"


@dataclass
class Asker:
    """Asks the middleware over one folder, as the server would."""

    folder: Path
    origin: Origin = HERE
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""

    def __post_init__(self):
        self.asked = FrontEnd(PlainTextResponse("handed on", 404), folder=self.folder, address="/static")

    def ask(self, path, accepted="gzip", method="GET"):
        headers = [(b"accept-encoding", accepted.encode())]
        scope = {"type": "http", "method": method, "path": path, "headers": headers, "desk": self.origin}
        self.content = b""

        async def send(message):
            if message["type"] == "http.response.start":
                self.status = message["status"]
                self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            self.content += message.get("body", b"")

        with ThreadPoolExecutor(1) as alone:  # a browser of another test may have an event loop running here
            alone.submit(asyncio.run, self.asked(scope, None, send)).result()
        return self


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "index.abc.js").write_text("let greeting = 'hello'\n" * 99)
    (tmp_path / "font.abc.woff2").write_bytes(b"\0\1\2")
    (tmp_path.parent / "secret.txt").write_text("outside of the folder")
    return tmp_path


def test_every_file_that_streamlit_ships_is_answered_as_it_is():
    asker = Asker(SHIPPED)

    for file in (path for path in SHIPPED.rglob("*") if path.is_file()):
        answer = asker.ask(f"/static/{file.relative_to(SHIPPED).as_posix()}")
        assert answer.content == file.read_bytes(), file.name
        assert answer.headers["cache-control"] == FOREVER


@pytest.mark.parametrize(("name", "kind"), [("js/index.abc.js", "text/javascript"), ("font.abc.woff2", "font/woff2")])
def test_the_kind_is_told_whatever_the_system_believes(folder, name, kind):
    assert Asker(folder).ask(f"/static/{name}").headers["content-type"].startswith(kind)


def test_a_browser_on_another_computer_gets_scripts_packed(folder):
    answer = Asker(folder, ELSEWHERE).ask("/static/js/index.abc.js", "gzip, br")

    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.content) == (folder / "js" / "index.abc.js").read_bytes()
    assert int(answer.headers["content-length"]) == len(answer.content) < 200


@pytest.mark.parametrize(
    ("origin", "name", "accepted"),
    [
        (HERE, "js/index.abc.js", "gzip"),
        (ELSEWHERE, "js/index.abc.js", "identity"),
        (ELSEWHERE, "font.abc.woff2", "gzip"),
    ],
)
def test_what_is_near_packed_already_or_not_understood_is_sent_plain(folder, origin, name, accepted):
    answer = Asker(folder, origin).ask(f"/static/{name}", accepted)

    assert "content-encoding" not in answer.headers
    assert answer.content == (folder / name).read_bytes()


@pytest.mark.parametrize(
    "address",
    ["/", "/static", "/static/", "/static/js", "/static/none.js", "/static/../secret.txt", "/static//js/index.abc.js"],
)
def test_every_other_address_is_handed_on(folder, address):
    assert Asker(folder).ask(address).content == b"handed on"


def test_only_reading_is_answered(folder):
    assert Asker(folder).ask("/static/js/index.abc.js", method="HEAD").status == 200
    assert Asker(folder).ask("/static/js/index.abc.js", method="POST").content == b"handed on"
