"""How a test opens a page as one of the cast.

    def test_staff_see_the_queue(open_page, irene):
        page = open_page(irene, "queue", status="submitted")
        assert "R-26-0001" in words(page)

The page is opened as a browser would: pages/menu.py runs first, with the session that the guard at the door would
have read from the cookie, and leads to the screen of that name. `open_page(None, "queue")` is a stranger.
Widgets are AppTest's: `page.button(key=...).click().run()`. Dialogs and fragments run as the whole page here.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from tests.cast import Member

MENU = Path(__file__).parents[2] / "pages" / "menu.py"
PATIENCE = 30

Opener = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def components_looked_for_once() -> Iterator[None]:
    """AppTest looks through every installed package for components whenever a page is opened: a third of the time."""
    found = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda: found)
        yield


@pytest.fixture
def open_page() -> Opener:
    """Open a screen as a member of the cast: `open_page(irene, "referral", id=str(referral_id))`."""

    def opened(member: Member | None, screen: str, **query: str) -> AppTest:
        page = AppTest.from_file(str(MENU), default_timeout=PATIENCE)
        page.user = {"session": str(member.session_id), "address": "127.0.0.1"} if member else {}
        # AppTest.switch_page needs a first run, which would open the person's home screen as well.
        page._page_hash = calc_hash(screen)
        for name, value in query.items():
            page.query_params[name] = value
        return page.run()

    return opened


def unfolded(page: AppTest) -> AppTest:
    """The page with all that is drawn only once somebody unfolds it; its keys stand at the end of the elements' ids."""
    for key in _folded(page):
        page.session_state[key] = True
    return page.run()


def folded_up(page: AppTest) -> AppTest:
    """The page with all that folded up again."""
    for key in _folded(page):
        page.session_state[key] = False
    return page.run()


def _folded(page: AppTest) -> list[str]:
    return [each.proto.id.split("-", 2)[2] for each in page.expander if each.proto.id]


def words(page: AppTest) -> str:
    """Everything that the page says, as one text: titles, texts, labels, values, messages."""
    return "\n".join(_said(page))


def _said(page: AppTest) -> Iterable[str]:
    for element in page:
        yield from _said_in_rows(element)
        for name in ("value", "label", "caption", "help", "placeholder", "options"):
            said = getattr(element, name, None)
            if said is not None:
                yield str(said)


def rows_of(page: AppTest) -> list[dict[str, Any]]:
    """The rows of the queue as the browser gets them."""
    return [row for element in page.get("bidi_component") for row in json.loads(element.proto.json)["rows"]]


def tell_row(page: AppTest, event: str, said: Any) -> AppTest:
    """What the browser says when something is done at a row; it may say anything."""
    (element,) = page.get("bidi_component")
    states = page._tree.get_widget_states()
    told = states.widgets.add()
    told.id = f"$$STREAMLIT_INTERNAL_KEY_{element.proto.id}__events"
    told.json_trigger_value = json.dumps({"event": event, "value": said})
    return page._run(states)


def _said_in_rows(element: Any) -> Iterable[str]:
    if getattr(element, "type", "") != "bidi_component":
        return
    for row in json.loads(element.proto.json)["rows"]:
        yield " ".join([row["child"], *(text for text, _ in row["waits"]), *row["facts"]])
        yield from (text for text, _ in row["badges"])
        yield from (f"Open {row['number']}", *row["acts"])
