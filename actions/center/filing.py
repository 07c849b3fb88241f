"""Writing a client's file: the core that import, intake, walk-ins, edits and bulk loads share."""

import json
from dataclasses import replace
from uuid import UUID

from actions import drafting, hints, reading
from actions.work import Work
from db import client_merges, facts, search_keys
from db import clients as statements
from db.queries import forget_hints
from db.tables.cases import CaseVersion
from db.tables.clients import Case, CasePresenting, Client, ClientVersion
from db.tables.referrals import Referral
from domain import fields, intake
from domain.clients import Cause, Shown
from domain.fields import Answers
from domain.matching import Person, RecordKind, person_from
from domain.refusals import NotFound, Refused, TooLate

NO_SUCH_CLIENT = "There is no such client, or you may not see the file. Check the number."


def visible_client(work: Work, client_id: UUID) -> Client:
    """A file that the actor may open, to be changed in this work."""
    found = work.session.scalar(statements.visible_clients(work.actor).where(Client.id == client_id).with_for_update())
    if found is None:
        raise NotFound(NO_SUCH_CLIENT)
    return found


def seen_client(work: Work, client_id: UUID) -> Client:
    """A file that the actor may open, only to be read."""
    found = work.session.scalar(statements.visible_clients(work.actor).where(Client.id == client_id))
    if found is None:
        raise NotFound(NO_SUCH_CLIENT)
    return found


def unchanged(work: Work, client: Client, seen_version: int) -> Client:
    """The file as the person saw it; refuses with who changed it and when."""
    if client.withdrawn:
        raise TooLate(f"{client.number} was withdrawn, because its import was undone. Search again.")
    refuse_ended(work, client)
    if client.version == seen_version:
        return client
    last = work.session.scalar(statements.profile_of(client.id))
    who = f" by {last.made_by_name} at {reading.clock(work, last.made_at)}" if last else ""
    raise TooLate(
        f"The file {client.number} was changed{who} after you opened it. "
        "Look at it again before you save; what you typed is still here."
    )


def refuse_ended(work: Work, client: Client) -> None:
    """Refuse to work on a file that was merged into another one, with who did it, when, and where to go on."""
    sentence = ended_sentence(work, client)
    if sentence:
        raise TooLate(f"{sentence} Open that file and go on there; what you typed is still here.")


def ended_sentence(work: Work, client: Client) -> str:
    """Into which file this one was merged, by whom and when; empty while it goes on."""
    end = work.session.scalar(client_merges.standing_end(client.id)) if client.merged_into_id else None
    if end is None:
        return ""
    kept = work.session.get_one(Client, client.merged_into_id)
    return f"{client.number} was merged into {kept.number} by {end.made_by_name} at {reading.clock(work, end.made_at)}."


def going_on(work: Work, client: Client) -> Client:
    """The file that a child's work goes on in: this one, or the one that it was merged into."""
    return visible_client(work, client.merged_into_id) if client.merged_into_id else client


def profile(work: Work, client: Client) -> Answers:
    """The file's answers as they stand."""
    newest = work.session.scalar(statements.profile_of(client.id))
    return fields.parsed(newest.answers) if newest else {}


def case_answers(work: Work, case: Case) -> Answers:
    """A case's answers as they stand."""
    newest = work.session.scalar(statements.newest_case_version(case.id))
    return fields.parsed(newest.answers) if newest else {}


def open_file(work: Work, answers: Answers, cause: Cause, *, referral_id: UUID | None = None) -> Client:
    """Make a client with the first version of their file."""
    client = Client(
        number=drafting.next_number(work, "client", "C"),
        made_at=work.now,
        made_by=work.actor.user_id,
        changed_at=work.now,
    )
    work.session.add(client)
    _keep_profile(work, client, answers, cause, referral_id)
    return client


def change_file(work: Work, client: Client, answers: Answers, cause: Cause, *, referral_id: UUID | None = None) -> None:
    """Give a file its next version; the earlier ones stay."""
    client.changed_at = work.now
    _keep_profile(work, client, answers, cause, referral_id)


def open_case(work: Work, client: Client, answers: Answers, cause: Cause, *, referral_id: UUID | None = None) -> Case:
    """Open a case of a client."""
    case = Case(
        client_id=client.id,
        number=drafting.next_number(work, "case", ""),
        opened_at=work.now,
        opened_by_name=work.actor.name,
    )
    work.session.add(case)
    _keep_case(work, case, answers, cause, referral_id)
    return case


def change_case(work: Work, case: Case, answers: Answers, cause: Cause, *, referral_id: UUID | None = None) -> None:
    """Give a case its next version; the earlier ones and what was presented stay."""
    statements.count_as_changed(case)
    _keep_case(work, case, answers, cause, referral_id)


def freeze(work: Work, case: Case, answers: Answers, referral: Referral | None) -> None:
    """Keep for ever what was known when a referral, or a walk-in, came into a case."""
    work.session.add(
        CasePresenting(
            case_id=case.id,
            referral_id=referral.id if referral else None,
            submission_id=referral.submission_id if referral else None,
            answers=fields.canonical(intake.presented(answers)),
            frozen_by_name=work.actor.name,
            frozen_at=work.now,
        )
    )


def enter_in_search(work: Work, client: Client) -> None:
    """Write what finds the client: text and keys from the file, its cases and the files merged into it, and badges.

    Each file keeps the keys of its own answers, so that a name which only the ended file knew still finds the child.
    """
    work.session.flush()
    texts = [case.number for case in work.session.scalars(statements.cases_of(client.id))]
    people: list[Person] = []
    for file in work.session.scalars(client_merges.files_of(client.id)).all():
        answers, cases = profile(work, file), _cases(work, file)
        texts = [facts.searchable(file.number, answers), *(facts.searchable("", each) for each in cases), *texts]
        people.append(person_on_file(answers, cases))
        search_keys.write_keys(work.session, RecordKind.CLIENT, file.id, people[-1])
    client.search_text = " ".join(dict.fromkeys(" ".join(texts).split()))
    work.session.flush()
    hints.renew_client(work, client, people)


def withdraw(work: Work, client: Client) -> None:
    """Take a file out of lists, search and numbers; it stays readable by its address."""
    client.withdrawn = True
    client.changed_at = work.now
    search_keys.remove_keys(work.session, RecordKind.CLIENT, client.id)
    work.session.execute(forget_hints(client.id))
    work.session.execute(statements.forget_facts(client.id))


def withdraw_case(work: Work, case: Case) -> None:
    """Take a case out of lists and numbers."""
    case.withdrawn = True
    work.session.execute(statements.forget_facts(case.id))


def person_on_file(answers: Answers, cases: list[Answers]) -> Person:
    """The child as the match knows them: the file, with the case numbers and the home that the cases name."""
    child = person_from(answers)
    others = [person_from(each) for each in cases]
    return replace(
        child,
        case_numbers=tuple(dict.fromkeys(number for each in others for number in each.case_numbers)),
        household=tuple(dict.fromkeys(name for each in others for name in each.household)),
    )


def person_of(work: Work, client: Client) -> Person:
    """The child as the match knows this one file."""
    return person_on_file(profile(work, client), _cases(work, client))


def draft_text(choices: str, shown: Shown) -> str:
    """A half-done intake or walk-in as it is kept; refuses what is too long or cannot be kept."""
    text = json.dumps({"choices": choices, "shown": shown.to_text()}, ensure_ascii=False)
    if len(text) > drafting.LONGEST_DRAFT or "\\u0000" in text:
        raise Refused("This text is too long or holds a character that cannot be saved. Shorten it or type it again.")
    return text


def refuse_wrong(work: Work, answers: Answers) -> None:
    """Refuse a file without any name, and facts that cannot be kept."""
    if intake.nameless(answers):
        raise Refused("Type the child's first or last name, or tick Not known: a file needs a name to be found by.")
    problems = intake.wrong(answers, work.now.astimezone(drafting.center_zone(work)).date())
    if problems:
        raise Refused(f"Nothing was saved: {problems[0].message}")


def _keep_profile(work: Work, client: Client, answers: Answers, cause: Cause, referral_id: UUID | None) -> None:
    facts.write_client(work.session, client, answers)
    work.session.flush()
    work.session.add(
        ClientVersion(
            client_id=client.id,
            version=client.version,
            answers=fields.canonical(answers),
            cause=cause.value,
            referral_id=referral_id,
            made_by_name=work.actor.name,
            made_at=work.now,
        )
    )


def _keep_case(work: Work, case: Case, answers: Answers, cause: Cause, referral_id: UUID | None) -> None:
    work.session.flush()
    work.session.add(
        CaseVersion(
            case_id=case.id,
            version=case.version,
            answers=fields.canonical(answers),
            cause=cause.value,
            referral_id=referral_id,
            made_by_name=work.actor.name,
            made_at=work.now,
        )
    )
    facts.write_case(work.session, case.id, answers)


def _cases(work: Work, client: Client) -> list[Answers]:
    return [fields.parsed(text) for text in work.session.scalars(statements.case_answers_of(client.id))]
