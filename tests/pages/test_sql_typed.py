"""SQL typed into every text entry of every screen: it stays a value, and the screen stays whole."""

import itertools

from tests.conftest import on_sqlite
from tests.pages.conftest import unfolded
from tests.pages.test_round_trips import an_auditor, opener_of, records, screens
from tests.security.payloads import SQL
from tests.security.test_sql import statements_with_sql

PAYLOADS = itertools.cycle(SQL)


def entries(page):
    """Every entry of a page that takes a text."""
    return [*page.text_input, *page.text_area]


@on_sqlite
def test_sql_in_the_text_entries_of_a_screen_stays_a_value(store, cast, open_page, record_property):
    an_auditor(cast.lena)
    named, typed, broken = records(cast), 0, []
    with statements_with_sql(store) as found:
        for screen in screens():
            page = unfolded(open_page(opener_of(screen, cast), screen.address, **named.get(screen.address, {})))
            for place in range(len(entries(page))):
                if place < len(entries(page)):
                    entries(page)[place].set_value(next(PAYLOADS))
                    typed += 1
            page.run()
            for place in [place for place, button in enumerate(page.button) if button.proto.form_id]:
                if place < len(page.button):
                    page.button[place].click().run()
            broken += [f"{screen.address}: {one.message}" for one in page.exception]

    record_property("attacks", typed)
    assert typed > 40
    assert broken == []
    assert found == []
