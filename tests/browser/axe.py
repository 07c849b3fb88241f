"""What axe finds serious or critical on a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.person import Person

GRAVE = ("serious", "critical")
ONLY_FINDINGS = {"resultTypes": ["violations"]}
"""What passes is counted and not told node by node: the findings are the same, in half the time."""

ONLY_COLOURS = ONLY_FINDINGS | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""The rules that a theme can break."""


def grave(person: Person, where: str, within: str | None = None) -> list[str]:
    """Each grave finding of the page as it stands, or of a part of it, in one line."""
    return _grave(person, where, within, ONLY_FINDINGS)


def grave_colours(person: Person, where: str) -> list[str]:
    """What else is grave on a page that was looked at in one theme, once nothing but the theme has changed."""
    return _grave(person, where, None, ONLY_COLOURS)


def _grave(person: Person, where: str, within: str | None, options: dict[str, Any]) -> list[str]:
    violations = Axe().run(person.page, context=within, options=options).response["violations"]
    return [f"{where}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in violations if one["impact"] in GRAVE]
