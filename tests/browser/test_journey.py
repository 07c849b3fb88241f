"""The main job, from an empty folder to a saved client, at real screens in a real browser, by keyboard alone."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser import steps
from tests.browser.keyboard import ByKeyboard
from tests.browser.person import PATIENCE
from tests.browser.running import running_desk

BORN = ("March", "27", "2016")


def test_from_first_run_to_a_saved_client_and_back_over_a_merge(tmp_path: Path, browser: Browser) -> None:
    with running_desk(tmp_path) as desk:
        ada, olga, peter, irene = (ByKeyboard(browser, desk.url) for _ in range(4))

        # The first run: the center, its administrator, two agencies, two officers and an intake worker.
        assert steps.refused_set_up(ada) == []
        steps.set_up_center(ada, desk)
        steps.sign_in_and_enrol(ada, "ada")
        steps.make_agency(ada, "Juniper County Sheriff", "Law enforcement")
        steps.make_agency(ada, "Alder Child Services", "Child protective services")
        sheriff, services = "Juniper County Sheriff", "Alder Child Services"
        steps.choose_password(olga, "olga", steps.make_user(ada, "olga", "Olga Ruiz", "Referral user", sheriff))
        steps.choose_password(peter, "peter", steps.make_user(ada, "peter", "Peter Hall", "Referral user", services))
        steps.choose_password(irene, "irene", steps.make_user(ada, "irene", "Irene Vega", "Intake staff"))

        # Nobody is on file: the search says so, and Add new client saves the first one.
        steps.start_referral(olga, "Law enforcement")
        told = "He told a teacher that he was hit. The teacher called us."
        steps.write_short_path(olga, "Jonathan", "Whitfield", BORN, "Male", told, "No special deadline")
        first = steps.send(olga)
        client = steps.add_as_new_client(irene, first)
        irene.sees(f"{first} was imported.")

        # Months later: returned with two marks, corrected, sent again, and what changed is one click away.
        steps.start_referral(olga, "Law enforcement")
        heard = "A neighbor heard shouting. Two officers went to the door."
        steps.write_short_path(olga, "Jon", "Whitfield", BORN, "Male", heard, "Within 3 days")
        second = steps.send(olga)
        wishes = {"School or day care": "Which school, please?", "County": "Which county is it?"}
        steps.return_with_marks(irene, second, "We cannot find the family yet.", wishes)
        steps.correct(olga, second, {"School or day care": "Juniper Elementary", "County": "Juniper"})
        steps.open_in_queue(irene, second)
        irene.turn_to("Rounds and changes").sees("Juniper Elementary")

        # Another agency writes about the same child: the badge says so before anything is opened.
        steps.start_referral(peter, "Child protective services")
        seen = "The school counselor reports bruises. The mother was told."
        steps.write_short_path(peter, "Jonathon", "Whitfield", BORN, "Male", seen, "Within 3 days")
        third = steps.send(peter)
        irene.go("Referral queue").sees(f"May be the same as {second}")
        irene.sees("May be a known client")

        # Merged, separated again, merged again; Peter's own list does not tell.
        steps.merge_two(irene, second, third)
        steps.undo_merge(irene, "To see that both come back.")
        irene.go("Referral queue").sees(f"Open {second}")
        irene.sees(f"Open {third}")
        result = steps.merge_two(irene, second, third)
        peter.go("My referrals").sees(third)
        assert result not in peter.text
        assert second not in peter.text

        # The search finds the planted client and says why; Save adds the case to the client's file.
        steps.import_to_client(irene, result, client)
        irene.sees(client)
        irene.turn_to("Cases (2)").sees("presented")
        expect(irene.page.get_by_text(sheriff).first).to_be_attached(timeout=PATIENCE)
        expect(irene.page.get_by_text(services).first).to_be_attached(timeout=PATIENCE)
