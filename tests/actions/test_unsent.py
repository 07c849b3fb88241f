"""Words that were typed in a dialog and not sent: theirs alone, whole, and gone once they did their work."""

from uuid import uuid4

import pytest

from actions import unsent
from domain.refusals import Refused

ODD = {
    "comment": "O'Brien-Ñandú\n\x00\u202e فاطمة 🙂",
    "marks": ["school/"],
    "changes": {"county": None, "x": [{"row": "1"}]},
}


def test_what_was_typed_comes_back_as_it_was(as_, irene):
    record = uuid4()

    with as_(irene) as work:
        unsent.keep(work, record, "return", ODD, 3)
    with as_(irene) as work:
        unsent.keep(work, record, "return", ODD | {"reason": "unclear"}, 4)
        unsent.keep(work, record, "note", {"comment": "Another."})

    with as_(irene) as work:
        found = unsent.kept(work, record, "return")
        assert (found.typed, found.version) == (ODD | {"reason": "unclear"}, 4)
        assert {one.dialog for one in unsent.kept_about(work, record)} == {"return", "note"}


def test_nobody_else_sees_or_removes_it(as_, irene, sam, olga):
    record = uuid4()
    with as_(irene) as work:
        unsent.keep(work, record, "note", {"comment": "Mine."})

    for other in (sam, olga):
        with as_(other) as work:
            assert unsent.kept(work, record, "note") is None
            assert unsent.kept_about(work, record) == []
            unsent.forget(work, record, "note")

    with as_(irene) as work:
        assert unsent.kept(work, record, "note").typed == {"comment": "Mine."}


def test_it_goes_when_it_was_sent_or_emptied(as_, irene):
    record = uuid4()
    with as_(irene) as work:
        unsent.keep(work, record, "note", {"comment": "A"})
        unsent.keep(work, record, "ask", {"comment": "B"})
    with as_(irene) as work:
        unsent.forget(work, record, "note")
        unsent.keep(work, record, "ask", {})
        unsent.keep(work, record, "close", {})

    with as_(irene) as work:
        assert unsent.kept_about(work, record) == []


def test_an_enormous_text_is_refused_and_the_one_before_stays(as_, irene):
    record = uuid4()
    with as_(irene) as work:
        unsent.keep(work, record, "note", {"comment": "A"})

    with pytest.raises(Refused, match="too long"), as_(irene) as work:
        unsent.keep(work, record, "note", {"comment": "x" * (unsent.LONGEST + 1)})

    with as_(irene) as work:
        assert unsent.kept(work, record, "note").typed == {"comment": "A"}
