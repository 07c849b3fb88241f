from domain.covering import DO_NOT_CALL
from domain.paper import CONFIDENTIAL_ADDRESS, on_paper


def test_a_print_leaves_out_who_first_made_the_report():
    assert on_paper({"original_reporter": "The neighbor", "urgency": "routine"}) == {"urgency": "routine"}


def test_a_confidential_address_is_covered_and_an_open_one_is_not():
    home = {"address_line1": "12 Oak Street", "address_city": "Alder", "address_zip": "87501", "child_school": "Elm"}

    assert set(on_paper(home | {"address_confidential": "yes"}).values()) == {"yes", CONFIDENTIAL_ADDRESS}
    assert on_paper(home | {"address_confidential": "no"}) == home | {"address_confidential": "no"}


def test_phones_that_must_not_be_called_are_covered():
    mother = {"row": "aaaaaaaa", "cg_first_name": "Rosa", "cg_alleged_offender": "yes", "cg_phone": "505-555-0101"}

    shown = on_paper({"caregivers": [mother], "child_phone": ["505-555-0102"], "child_phone_safe": "no"})

    assert shown["caregivers"][0]["cg_phone"] == shown["child_phone"] == {"typed": DO_NOT_CALL}


def test_one_childs_print_never_names_another_child():
    rows = [
        {"row": "aaaaaaaa", "hh_name": "Emily Rose Whitfield", "hh_role": "co_victim"},
        {"row": "bbbbbbbb", "hh_name": "Uncle Tom", "hh_role": "adult"},
        {"row": "cccccccc", "hh_name": {"tick": "unknown"}},
    ]

    shown = on_paper({"household": rows})["household"]

    assert [row["hh_name"] for row in shown] == ["E. R. W.", "Uncle Tom", {"tick": "unknown"}]


def test_odd_answers_are_left_as_they_are():
    assert on_paper({"household": "nobody", "caregivers": ["?"]}) == {"household": "nobody", "caregivers": ["?"]}
    assert on_paper({}) == {}
