"""What axe finds serious or critical on a page."""

from axe_playwright_python.sync_playwright import Axe

from tests.browser.person import Person

GRAVE = ("serious", "critical")
ONLY_FINDINGS = {"resultTypes": ["violations"]}
"""What passes is counted and not told node by node: the findings are the same, in half the time."""


def grave(person: Person, where: str, within: str | None = None) -> list[str]:
    """Each grave finding of the page as it stands, or of a part of it, in one line."""
    violations = Axe().run(person.page, context=within, options=ONLY_FINDINGS).response["violations"]
    return [f"{where}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in violations if one["impact"] in GRAVE]
