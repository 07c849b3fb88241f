"""What an agency says after its referral was merged: told on the result, taken over with one click, or only seen."""

from uuid import UUID

from actions import comparing, drafting, reading
from actions.work import Work, permitted
from db import late_words as statements
from db import queries
from db.tables.decisions import LateWord
from db.tables.referrals import Addition, Referral
from domain.lifecycle import Status
from domain.permissions import Permission
from domain.referrals import Late, LateKind
from domain.refusals import NotFound, Refused, TooLate

NO_SUCH_WORD = "There is no such late information on this referral. Reload the page."


@permitted(Permission.REVIEW_REFERRALS)
def take_over(work: Work, result_id: UUID, version: int, word_id: UUID) -> None:
    """Add what an agency said later to the result, in its own words and under its name, as a correction by staff."""
    result = reading.unchanged(work, reading.visible_referral(work, result_id), version)
    word = _undecided(work, result, word_id)
    if word.kind is LateKind.WITHDRAWAL:
        raise Refused(
            "An agency asks to withdraw its referral: undo the merge, close the result, or leave it as it is."
        )
    if result.status is not Status.SUBMITTED:
        raise TooLate(f"{result.number} is {result.status.label.lower()}: add a note to the client's file instead.")
    answers = drafting.current_answers(work, result)
    said = f"{answers.get('narrative', '')}\n\n{_attributed(work, word)}".strip()
    result.changed_at = work.now
    _decide(work, result, word, taken_over=True)
    drafting.write_down(work, result, {**answers, "narrative": said}, "correction")
    work.record("referral.late_word_taken", "referral", result.id, version=result.version, fields=["narrative"])


@permitted(Permission.REVIEW_REFERRALS)
def leave_as_it_is(work: Work, result_id: UUID, word_id: UUID) -> None:
    """Say that what an agency said later was seen and changes nothing; it stays readable with its source."""
    result = reading.visible_referral(work, result_id)
    _decide(work, result, _undecided(work, result, word_id), taken_over=False)
    work.record("referral.late_word_seen", "referral", result.id, version=result.version)


def waiting_on(work: Work, result: Referral) -> tuple[Late, ...]:
    """What the agencies of a merge said since and nobody has decided about, oldest first."""
    sources = comparing.every_source(work, result)
    if not sources:
        return ()
    decided = set(work.session.scalars(statements.decided_words([result.id, *(source.id for source in sources)])))
    found = [late for source in sources for late in _said_since(work, source) if late.id not in decided]
    return tuple(sorted(found, key=lambda late: late.at))


def _said_since(work: Work, source: Referral) -> list[Late]:
    merge = work.session.scalar(statements.standing_merge_of(source.id))
    if merge is None:
        return []
    number, agency = source.number or "", comparing.agencies_of(work, source)
    added = [one for one in work.session.scalars(queries.additions_of([source.id])) if one.made_at > merge.made_at]
    leaving = set(work.session.scalars(statements.asked_to_withdraw(one.id for one in added)))
    found = [_of_addition(one, number, agency, withdrawn=one.id in leaving) for one in added]
    for asked in work.session.scalars(queries.questions_of([source.id])):
        if asked.answered_at is not None and asked.answered_at > merge.made_at:
            by, at = asked.answered_by_name, asked.answered_at
            found.append(Late(asked.id, LateKind.ANSWER, number, agency, asked.answer, by, at, asked.text))
    return found


def _of_addition(one: Addition, number: str, agency: str, *, withdrawn: bool) -> Late:
    kind = LateKind.WITHDRAWAL if withdrawn else LateKind.ADDITION
    return Late(one.id, kind, number, agency, one.text, one.made_by_name, one.made_at)


def _undecided(work: Work, result: Referral, word_id: UUID) -> Late:
    """The word, if nobody decided about it; refuses with who did and when."""
    decided = work.session.scalar(statements.decided_on(result.id, word_id))
    if decided is not None:
        when = reading.clock(work, decided.made_at)
        raise TooLate(f"{decided.made_by_name} has looked at this already at {when}. Reload the page.")
    word = next((late for late in waiting_on(work, result) if late.id == word_id), None)
    if word is None:
        raise NotFound(NO_SUCH_WORD)
    return word


def _decide(work: Work, result: Referral, word: Late, *, taken_over: bool) -> None:
    work.session.add(
        LateWord(
            result_id=result.id,
            word_id=word.id,
            taken_over=taken_over,
            made_by_name=work.actor.name,
            made_at=work.now,
        )
    )


def _attributed(work: Work, word: Late) -> str:
    """The agency's own words with who said them and when, as they stand in the result."""
    when = reading.clock(work, word.at)
    head = f"Added by {word.by}, {word.agency} ({word.number}), {when}:"
    return f"{head}\n{word.text}" if not word.question else f"{head}\nAsked: {word.question}\nAnswered: {word.text}"
