"""What several children of one incident share, and what stays each child's own."""

from domain import fields, incidents


def test_nothing_about_the_first_child_reaches_the_second() -> None:
    answers = {field.name: "planted" for field in fields.FIELDS if field.group is None}

    shared = incidents.shared(answers)

    about_the_child = [field.name for field in fields.FIELDS if field.section == "child"]
    assert not set(about_the_child) & set(shared)


def test_what_the_children_share_is_typed_once() -> None:
    answers = {
        "urgency": "urgent",
        "address_line1": "12 Elm St",
        "narrative": "Two children.",
        "caregivers": [{"row": "a"}],
    }

    assert incidents.shared(answers) == answers


def test_what_one_child_said_and_suffered_is_not_copied_to_another() -> None:
    assert incidents.shared({"disclosure": "yes", "disclosure_to": "the teacher", "injuries": "arm"}) == {}
