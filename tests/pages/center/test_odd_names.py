"""Whatever a child is called: 300 names from queue to client, letter for letter, on screens that stay whole."""

import re
from html import unescape
from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from actions.center import imports, referrals
from domain.intake import IntakeChoices
from tests.conftest import on_sqlite
from tests.domain.test_fields_answers import NAMES
from tests.pages.conftest import words
from widgets.words import visible

pytestmark = on_sqlite
A_CHILD = 50
"""Names that one child carries: its first and last name and the others it uses."""


def as_read(page: AppTest) -> str:
    """The page as a person reads it: without what keeps the names from having an effect."""
    assert not page.exception
    html = "\n".join(str(each.proto.body) for each in page.get("html"))
    assert not re.search(r"<b>Ana|<script(?! src=\"/assets/)", html)
    return _bare(unescape(f"{words(page)}\n{re.sub('<[^>]*>', ' ', html)}"))


def not_shown(names: tuple[str, ...], page: AppTest) -> list[str]:
    read = as_read(page)
    return [name for name in names if _bare(visible(name)) not in read]


def in_parts(whole: list, size: int) -> list:
    return [whole[place : place + size] for place in range(0, len(whole), size)]


def _bare(text: str) -> str:
    return " ".join(text.translate({ord(sign): None for sign in "\\\u2060\u2068\u2069"}).split())


@pytest.fixture
def children(olga, sent_referral):
    """Six referrals that carry 300 names."""
    return {
        sent_referral(
            olga, child_first_name=first, child_last_name=last, child_other_names=list(others), caregivers=[]
        ): (first, last, *others)
        for first, last, *others in in_parts(NAMES[: 6 * A_CHILD], A_CHILD)
    }


def test_300_names_come_through_queue_referral_merge_import_and_file(open_page, as_, irene, children):
    queue = open_page(irene, "queue")
    assert [name for names in children.values() for name in not_shown(names[:2], queue)] == []
    for referral, names in children.items():
        assert not_shown(names, open_page(irene, "referral", r=str(referral))) == []
    for (one, names), (other, others) in in_parts(list(children.items()), 2):
        # What differs only by blanks around it is one entry of a joined list.
        joined = tuple(name.strip() for name in names + others)
        assert not_shown(joined, open_page(irene, "merge_referrals", r=f"{one},{other}")) == []
    for referral, names in children.items():
        assert not_shown(names[:2], open_page(irene, "import_referral", r=str(referral))) == []
        client = _imported(as_, irene, referral)
        assert not_shown(names, open_page(irene, "client", c=str(client))) == []
    assert [name for names in children.values() for name in not_shown(names[:2], open_page(irene, "clients"))] == []


def _imported(as_, irene, referral):
    with as_(irene) as work:
        choices = IntakeChoices(decided=True, override_reason="Another child.")
        version = referrals.read(work, referral).version
        return imports.save_intake(work, referral, version, choices, uuid4().hex).client_id
