"""Turning a referral into a client's case: search, choose, settle, save once; and taking an import back."""

import json
from dataclasses import dataclass
from uuid import UUID, uuid4

from actions import drafting, reading
from actions.center import filing, finding
from actions.center.referrals import back_in_search
from actions.texts import optional, written
from actions.work import Work, permitted
from db import clients as statements
from db import once, queries, search_keys
from db.tables.clients import Case, Client
from db.tables.referrals import ImportDecision, IntakeDraft, Referral
from domain import fields, intake
from domain.clients import (
    STRONG,
    Cause,
    Imported,
    IntakeView,
    LeftBehind,
    Looked,
    OpenCase,
    PossibleClients,
    Shown,
    child_named,
    told,
)
from domain.fields import Answers, Kept
from domain.intake import Comparison, IntakeChoices
from domain.lifecycle import Status, Step
from domain.matching import RecordKind, person_from
from domain.permissions import Permission
from domain.refusals import NotFound, Refused, TooLate

SEARCH_FIRST = "Search the clients on file first: open Import on this referral and look at who was found."


@permitted(Permission.IMPORT_REFERRALS)
def candidates(work: Work, referral_id: UUID, looked: Looked | None = None) -> PossibleClients:
    """Search the clients on file for the child of a referral; `looked` are search words typed over it.

    What is shown is kept with the half-done import of this person: Save asks for it.
    """
    referral = _waiting(work, _seen(work, referral_id))
    answers = drafting.current_answers(work, referral)
    person = finding.as_looked(person_from(answers), looked)
    found = finding.possible(work, person, answers, but=referral.id)
    if _remember_shown(work, referral, found):
        work.record("client.searched", "referral", referral.id, count=len(found.found))
    return found


@permitted(Permission.IMPORT_REFERRALS)
def look_into(work: Work, client_id: UUID) -> Answers:
    """Open a candidate's file before deciding; the look is recorded."""
    client = filing.seen_client(work, client_id)
    work.record("client.viewed", "client", client.id, version=client.version)
    return filing.profile(work, client)


@permitted(Permission.IMPORT_REFERRALS)
def intake_of(work: Work, referral_id: UUID) -> IntakeView:
    """A half-done import of this person: what is chosen so far and how the file would read."""
    referral = _waiting(work, _seen(work, referral_id))
    draft = _Draft.of(work, referral)
    return _view(work, referral, draft)


@permitted(Permission.IMPORT_REFERRALS)
def left_behind(work: Work, referral_id: UUID) -> LeftBehind | None:
    """What this person typed for an import that a colleague's decision made impossible; None while it is possible."""
    referral = _seen(work, referral_id)
    try:
        _waiting(work, referral)
    except TooLate as late:
        typed = _Draft.of(work, referral).choices.edited
        return LeftBehind(referral.number or "", late.message, {name: said for name, said in typed.items() if said})
    return None


@permitted(Permission.IMPORT_REFERRALS)
def keep_intake(work: Work, referral_id: UUID, choices: IntakeChoices) -> None:
    """Keep what this person chose and typed so far; nothing else is written before Save."""
    referral = _seen(work, referral_id)
    if choices.client_id is not None:
        filing.seen_client(work, choices.client_id)
    draft = _Draft.of(work, referral)
    draft.choices = choices
    draft.keep(work, referral)


@permitted(Permission.IMPORT_REFERRALS)
def save_intake(work: Work, referral_id: UUID, version: int, choices: IntakeChoices, key: str) -> Imported:
    """Write client, case and referral together, once: the same key again gives the same client.

    Refuses a referral that somebody else decided meanwhile (who, when), an open hotline task, a search that
    was not looked at, a strong match passed over without a reason, and answers that cannot be kept.
    """
    referral = reading.visible_referral(work, referral_id)
    decision_id = uuid4()
    before = once.claim(work.session, key, work.actor.user_id, decision_id, work.now)
    if before != decision_id:
        return _imported(work, before)
    _waiting(work, reading.unchanged(work, referral, version))
    _refuse_open_hotline(referral)
    draft = _Draft.of(work, referral)
    draft.choices = choices
    _refuse_unsearched(referral, draft)
    if not choices.decided:
        raise Refused("Choose first: add a new client, or import to a client who was found.")
    client = _chosen(work, choices)
    view = _view(work, referral, draft)
    _refuse_unsettled(view)
    filing.refuse_wrong(work, view.profile)
    if client is None:
        _refuse_passed_over(work, referral, draft, view.profile)
    _write(work, referral, draft, client, view, decision_id)
    return _imported(work, decision_id)


@permitted(Permission.UNDO_IMPORTS)
def undo_import(work: Work, referral_id: UUID, version: int, reason: str) -> None:
    """Take the import back that the person saw, while nobody worked on the client since: the referral waits again.

    A client or case made by it is withdrawn; a file or case changed by it gets its earlier answers back as
    a new version.
    """
    referral = reading.visible_referral(work, referral_id)
    said = written(reason, "Write why the import is undone.")
    decision = work.session.scalar(queries.standing_import(referral.id))
    if decision is None or referral.status is not Status.IMPORTED:
        raise TooLate(_nothing_to_undo(work, referral))
    reading.unchanged(work, referral, version)
    client = filing.visible_client(work, decision.client_id)
    ended = filing.ended_sentence(work, client)
    if ended:
        raise Refused(f"{ended} Undo that merge first; then the import can be undone.")
    case = _case(work, decision.case_id)
    _refuse_worked_on(work, decision, client, case)
    _put_back(work, referral, decision, client, case)
    decision.undone_at, decision.undone_by_name, decision.undone_reason = work.now, work.actor.name, said
    referral.take(Step.UNDO_IMPORT, work.actor, work.now, comment=said)
    work.record("referral.import_undone", "referral", referral.id, version=referral.version)
    work.record("client.import_undone", "client", client.id, version=client.version)
    work.session.flush()
    back_in_search(work, referral)


# The half-done import


@dataclass
class _Draft:
    """A person's choices and what the search showed them."""

    choices: IntakeChoices
    shown: Shown

    @classmethod
    def of(cls, work: Work, referral: Referral) -> "_Draft":
        kept = work.session.scalar(statements.intake_draft(referral.id, work.actor.user_id))
        if kept is None:
            return cls(IntakeChoices(), Shown())
        values = json.loads(kept.choices)
        return cls(IntakeChoices.from_text(values["choices"]), Shown.from_text(values["shown"]))

    def keep(self, work: Work, referral: Referral) -> None:
        text = filing.draft_text(self.choices.to_text(), self.shown)
        kept = work.session.scalar(statements.intake_draft(referral.id, work.actor.user_id))
        if kept is None:
            kept = IntakeDraft(referral_id=referral.id, user_id=work.actor.user_id)
            work.session.add(kept)
        kept.choices, kept.saved_at = text, work.now
        work.session.flush()

    def searched(self, referral: Referral) -> bool:
        """Whether this person was shown who is on file for the answers as they stand."""
        return self.shown.of == str(referral.submission_id)


def _remember_shown(work: Work, referral: Referral, found: PossibleClients) -> bool:
    """Add what a search showed to what this person saw before; tells whether anything is new."""
    draft = _Draft.of(work, referral)
    shown = draft.shown.with_more(str(referral.submission_id), found)
    if shown == draft.shown:
        return False
    draft.shown = shown
    draft.keep(work, referral)
    return True


def _view(work: Work, referral: Referral, draft: _Draft) -> IntakeView:
    answers = drafting.current_answers(work, referral)
    choices = draft.choices
    client = filing.seen_client(work, choices.client_id) if choices.client_id else None
    cases = _open_cases(work, client)
    case = next((one for one in cases if one.id == choices.case_id), None)
    file = _beside(work, client, intake.to_profile(answers), referral)
    occurrence = _beside_case(work, case, intake.to_case(answers), referral)
    profile = intake.edit(intake.settle(file, choices.settled), choices.edited, Kept.PROFILE)
    in_case = intake.edit(intake.settle(occurrence, choices.settled), choices.edited, Kept.CASE)
    return IntakeView(
        referral_id=referral.id,
        number=referral.number or "",
        version=referral.version,
        child=reading.child_of(referral),
        type=referral.type,
        answers=answers,
        choices=choices,
        searched=draft.searched(referral),
        strongest=draft.shown.strongest,
        client_number=client.number if client else "",
        client_child=child_named(client.first_name, client.middle_name, client.last_name) if client else "",
        client_version=client.version if client else 0,
        client_ended=filing.ended_sentence(work, client) if client else "",
        open_cases=cases,
        case=case,
        file=file,
        occurrence=occurrence,
        profile=profile,
        in_case=in_case,
        missing=intake.missing(profile | in_case, Kept.PROFILE, Kept.CASE),
        wrong=intake.wrong(profile | in_case, work.now.astimezone(drafting.center_zone(work)).date()),
        hotline_open=referral.hotline_open,
    )


def _beside(work: Work, client: Client | None, said: Answers, referral: Referral) -> Comparison:
    if client is None:
        return intake.compare({}, said)
    sent = (referral.waiting_since or referral.made_at).date()
    return intake.compare(filing.profile(work, client), said, file_day=client.changed_at.date(), sent_day=sent)


def _beside_case(work: Work, case: OpenCase | None, said: Answers, referral: Referral) -> Comparison:
    if case is None:
        return intake.compare({}, said)
    return intake.compare(filing.case_answers(work, _case(work, case.id)), said)


def _open_cases(work: Work, client: Client | None) -> tuple[OpenCase, ...]:
    if client is None:
        return ()
    return tuple(
        OpenCase(
            id=case.id,
            number=case.number,
            version=case.version,
            opened_at=case.opened_at,
            concerns=told(filing.case_answers(work, case), "allegation_types"),
        )
        for case in work.session.scalars(statements.open_cases_of(client.id))
    )


# What stands against saving


def _seen(work: Work, referral_id: UUID) -> Referral:
    found = work.session.scalar(queries.visible_referrals(work.actor).where(Referral.id == referral_id))
    if found is None:
        raise reading.no_such_referral(work, referral_id)
    return found


def _waiting(work: Work, referral: Referral) -> Referral:
    """The referral if it can be imported now; refuses with who decided it otherwise, and when."""
    if referral.status is Status.SUBMITTED:
        return referral
    last = work.session.scalar(queries.newest_step(referral.id))
    if last is None:
        raise Refused("This referral was not sent yet, so it cannot be imported. Send it first.")
    raise TooLate(
        f"{referral.number} was {last.step.done} by {last.by_name} at {reading.clock(work, last.at)}, "
        "so it cannot be imported now. Open it to see how it stands."
    )


def _refuse_open_hotline(referral: Referral) -> None:
    if referral.hotline_open:
        raise Refused(
            f"The hotline report of {referral.number} is not settled. Settle it first: when, which number, by whom."
        )


def _refuse_unsearched(referral: Referral, draft: _Draft) -> None:
    if not draft.searched(referral):
        raise Refused(SEARCH_FIRST)


def _chosen(work: Work, choices: IntakeChoices) -> Client | None:
    """The client to import to, as the person saw the file and the case."""
    if choices.client_id is None:
        return None
    client = filing.unchanged(work, filing.visible_client(work, choices.client_id), choices.client_version)
    if choices.case_id is not None:
        case = _case(work, choices.case_id)
        if case.client_id not in set(work.session.scalars(statements.whole(client.id))) or not _is_open(case):
            raise TooLate(f"Case {case.number} is no longer open. Choose another case or open a new one.")
        if case.version != choices.case_version:
            raise TooLate(f"Case {case.number} was changed after you opened it. Look at the differences again.")
    return client


def _is_open(case: Case) -> bool:
    return not case.withdrawn and case.closed_at is None


def _refuse_unsettled(view: IntakeView) -> None:
    waiting = view.unsettled
    if waiting:
        asked = fields.FIELD[waiting[0].field]
        raise Refused(f"“{asked.label}” differs between file and referral. Choose which answer is right, then save.")


def _refuse_passed_over(work: Work, referral: Referral, draft: _Draft, profile: Answers) -> None:
    answers = drafting.current_answers(work, referral)
    people = [person_from(answers), person_from(answers | profile)]
    finding.refuse_passed_over(work, people, answers, draft.shown, draft.choices.override_reason, but=referral.id)


# Writing


def _write(
    work: Work, referral: Referral, draft: _Draft, client: Client | None, view: IntakeView, decision_id: UUID
) -> None:
    new, before = client is None, client.version if client else 0
    if client is None:
        client = filing.open_file(work, view.profile, Cause.IMPORT, referral_id=referral.id)
    else:
        _change_file(work, client, view.profile, referral)
    case = _into_case(work, client, view, referral)
    filing.freeze(work, case, view.answers, referral)
    referral.take(Step.IMPORT, work.actor, work.now)
    _leave_the_search(work, referral)
    filing.enter_in_search(work, client)
    work.session.flush()
    work.session.add(
        ImportDecision(
            id=decision_id,
            referral_id=referral.id,
            client_id=client.id,
            case_id=case.id,
            new_client=new,
            new_case=view.case is None,
            strongest_grade=draft.shown.strongest or "",
            override_reason=optional(draft.choices.override_reason) if new and draft.shown.strongest in STRONG else "",
            evidence=draft.shown.evidence,
            client_version_before=before,
            client_version_after=client.version,
            made_by=work.actor.user_id,
            made_by_name=work.actor.name,
            made_at=work.now,
        )
    )
    _forget_draft(work, referral)
    _record(work, referral, client, new=new)


def _change_file(work: Work, client: Client, profile: Answers, referral: Referral) -> None:
    changed = fields.canonical(filing.profile(work, client)) != fields.canonical(profile)
    client.changed_at = work.now
    if changed:
        filing.change_file(work, client, profile, Cause.IMPORT, referral_id=referral.id)


def _into_case(work: Work, client: Client, view: IntakeView, referral: Referral) -> Case:
    if view.case is None:
        return filing.open_case(work, client, view.in_case, Cause.IMPORT, referral_id=referral.id)
    case = _case(work, view.case.id)
    filing.change_case(work, case, view.in_case, Cause.IMPORT, referral_id=referral.id)
    return case


def _leave_the_search(work: Work, referral: Referral) -> None:
    search_keys.remove_keys(work.session, RecordKind.REFERRAL, referral.id)
    work.session.execute(queries.forget_hints(referral.id))


def _forget_draft(work: Work, referral: Referral) -> None:
    kept = work.session.scalar(statements.intake_draft(referral.id, work.actor.user_id))
    if kept is not None:
        work.session.delete(kept)


def _record(work: Work, referral: Referral, client: Client, *, new: bool) -> None:
    work.record("referral.imported", "referral", referral.id, version=referral.version)
    work.record("client.made" if new else "client.imported_to", "client", client.id, version=client.version)


def _imported(work: Work, decision_id: UUID) -> Imported:
    work.session.flush()
    decision = work.session.get(ImportDecision, decision_id)
    if decision is None:
        raise Refused("This form was already used for something else. Reload the page and save again.")
    client = filing.seen_client(work, decision.client_id)
    case = _case(work, decision.case_id)
    return Imported(
        client_id=client.id,
        client_number=client.number,
        case_id=case.id,
        case_number=case.number,
        new_client=decision.new_client,
        new_case=decision.new_case,
    )


def _case(work: Work, case_id: UUID) -> Case:
    found = work.session.get(Case, case_id)
    if found is None:
        raise NotFound("There is no such case. Reload the client.")
    return found


# Taking back


def _nothing_to_undo(work: Work, referral: Referral) -> str:
    last = work.session.scalar(queries.newest_step(referral.id))
    if last is None:
        return "This referral was not sent yet: there is no import to undo."
    when = reading.clock(work, last.at)
    return f"{referral.number} was {last.step.done} by {last.by_name} at {when}: there is no import to undo."


def _refuse_worked_on(work: Work, decision: ImportDecision, client: Client, case: Case) -> None:
    touched = (
        not _as_imported(work, decision, client)
        or case.closed_at is not None
        or _newest_version_of(work, case) != (case.version, decision.referral_id)
        or work.session.scalar(statements.notes_since(client.id, decision.made_at)) is not None
        or work.session.scalars(statements.imports_into(client.id)).all()[-1].id != decision.id
    )
    if touched:
        raise Refused(
            f"{client.number} was worked on since this import, so it cannot be undone. "
            "Correct the client's file instead."
        )


def _as_imported(work: Work, decision: ImportDecision, client: Client) -> bool:
    """Whether the file says what it said after the import, though it may have been merged and separated since."""
    then = work.session.scalar(statements.profile_before(client.id, decision.client_version_after))
    return then is not None and then.answers == fields.canonical(filing.profile(work, client))


def _newest_version_of(work: Work, case: Case) -> tuple[int, UUID | None]:
    newest = work.session.scalar(statements.newest_case_version(case.id))
    return (newest.version, newest.referral_id) if newest else (0, None)


def _put_back(work: Work, referral: Referral, decision: ImportDecision, client: Client, case: Case) -> None:
    for presented in work.session.scalars(statements.presented_by(case.id, referral.id)):
        presented.withdrawn = True
    if decision.new_case:
        filing.withdraw_case(work, case)
    else:
        earlier = work.session.scalars(statements.case_versions_of(case.id)).all()[-2]
        answers = fields.parsed(earlier.answers)
        filing.change_case(work, case, answers, Cause.IMPORT_UNDONE, referral_id=referral.id)
    if decision.new_client:
        filing.withdraw(work, client)
        return
    earlier_file = work.session.scalar(statements.profile_before(client.id, decision.client_version_before))
    newest = work.session.scalar(statements.profile_of(client.id))
    if earlier_file is not None and newest is not None and newest.id != earlier_file.id:
        answers = fields.parsed(earlier_file.answers)
        filing.change_file(work, client, answers, Cause.IMPORT_UNDONE, referral_id=referral.id)
    filing.enter_in_search(work, client)
