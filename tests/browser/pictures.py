"""Take the documents' screenshots anew from the demo: `python -m tests.browser.pictures`."""

import tempfile
from pathlib import Path

from tests.browser.demo import DemoDesk, demo_desk
from tests.browser.person import Person
from tests.browser.running import ROOT, chromium

FOLDER = ROOT / "docs" / "pictures"


def main() -> None:
    """Queue, a referral, the import screen with its reasons, and the statistics, each 1280 pixels wide."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, demo_desk(Path(folder)) as demo, chromium() as browser:
        irene = Person(browser, demo.desk.url).sign_in("irene", demo.passwords["irene"])
        _take(irene, "/queue", "queue", height=1000)
        known = _known_child(demo)
        _take(irene, f"/referral?r={known}", "referral", height=1100)
        _take(irene, f"/import_referral?r={known}", "import", height=1200)
        sam = Person(browser, demo.desk.url).sign_in("sam", demo.passwords["sam"])
        _take(sam, "/statistics", "statistics", height=1100)
        for part in ("quality", "volume", "intake"):
            _take(sam, f"/statistics?part={part}&period=last_month", f"statistics-{part}", height=1300)
        olga = Person(browser, demo.desk.url, width=390).sign_in("olga", demo.passwords["olga"])
        _take(olga, "/my_referrals", "my-referrals-phone", height=844, width=390)


def _known_child(demo: DemoDesk) -> str:
    """A waiting referral whose child is very likely a client."""
    found = demo.ask(
        "SELECT r.id FROM referral r JOIN match_hint h ON h.referral_id = r.id "
        "WHERE r.status = 'submitted' AND h.other_kind = 'client' ORDER BY r.urgency_rank, r.waiting_since LIMIT 1"
    )
    return str(found[0][0])


def _take(person: Person, address: str, name: str, *, height: int, width: int = 1280) -> None:
    person.page.set_viewport_size({"width": width, "height": height})
    person.open(address)
    person.page.wait_for_timeout(2500)
    person.page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
