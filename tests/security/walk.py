"""A walk through every act that takes a text, with hostile words in it: what screens of that center then have to show.

A text that is neither `NOT_KEPT` nor `KEPT_ASIDE` must stand on a screen. An action that takes a text which the walk
does not give fails `test_hostile_words.py`: add the line that gives it, and the screen that shows it.
"""

import csv
import inspect
import io
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import event

from actions import exports, form_help, unsent
from actions.accounts import begin_own_enrolment, confirm_own_enrolment
from actions.agency import referrals as own
from actions.agency import statistics as own_statistics
from actions.center import (
    agencies,
    audit_trail,
    center_details,
    client_batches,
    client_loading,
    client_merges,
    client_spreadsheets,
    clients,
    doubles,
    holds,
    imports,
    merges,
    printing,
    queue,
    referrals,
    restricted,
    retention,
    statistics,
    users,
)
from actions.hands import Hands
from actions.work import looking
from db.store import Store
from domain import fields as form
from domain.clients import Looked
from domain.fields import Kept, Kind, ReferralType
from domain.fields.reading import LONGEST, MOST_OF_A_LIST
from domain.intake import IntakeChoices, WalkInChoices
from domain.lifecycle import CloseOutcome, DeleteReason, ReturnReason
from domain.matching import RecordKind
from domain.people import Role
from domain.referrals import Mark, QueueFilter
from domain.refusals import Refused
from domain.retention import HeldScope
from domain.spreadsheet.fates import Decision
from domain.spreadsheet.reading import read_table
from domain.statistics import wanted
from domain.statistics.intake import Setup
from domain.statistics.parts import Part
from tests.cast import ANSWERS, Member, act, answers_for
from tests.keeping import binned, due_counts, later, proven
from tests.security.payloads import MARK, OUTSIDE, every
from tests.security.scenarios.stage import Stage
from tests.security.texts import declared, places

LOOKED_FOR = tuple(f"looked.{one.name}" for one in fields(Looked))
NAMED = ("looked.first_name", "looked.last_name")
QUEUED = ("wanted.view", "wanted.type", "wanted.county", "wanted.urgency", "wanted.text", "wanted.named", "wanted.sort")
NOT_KEPT = {
    "accounts.second_factor.confirm_own_enrolment": ("code",),
    "agency.referrals.child_of_household": ("row",),
    "agency.statistics.own_numbers": ("wanted.county", "wanted.type"),
    "center.agencies.change_agency": ("kind",),
    "center.agencies.make_agency": ("kind",),
    "center.audit_trail.export": ("wanted.events[]", "wanted.result"),
    "center.audit_trail.find": ("wanted.events[]", "wanted.result"),
    "center.audit_trail.record_called": ("typed",),
    "center.center_details.change_center_details": (
        "details.time_zone",
        "details.on_call_phone",
        "details.hotline_phone",
    ),
    "center.client_merges.merge": ("choices[]",),
    "center.clients.find": LOOKED_FOR,
    "center.clients.search": ("text",),
    "center.holds.on_record": ("kind",),
    "center.holds.place": ("number",),
    "center.imports.candidates": tuple(one for one in LOOKED_FOR if one not in NAMED),
    "center.merges.merge": ("choices[]",),
    "center.queue.next_waiting": QUEUED,
    "center.queue.queue": QUEUED,
    "center.referrals.child_of_household": ("row",),
    "center.referrals.link_to_number": ("number",),
    "center.referrals.return_to_agency": ("marks[].field",),
    "center.restricted.lift": ("kind",),
    "center.restricted.open_in_an_emergency": ("number",),
    "center.restricted.restrict": ("kind",),
    "center.restricted.restriction": ("kind",),
    "center.statistics.export": ("wanted.county", "wanted.type"),
    "center.statistics.export_score_card": ("wanted.county", "wanted.type"),
    "center.statistics.gaps": ("wanted.county", "wanted.type"),
    "center.statistics.page": ("wanted.county", "wanted.type"),
    "center.statistics.part": ("wanted.county", "wanted.type"),
    "center.statistics.records": ("wanted.county", "wanted.type", "code", "row"),
    "center.statistics.safe_part": ("wanted.county", "wanted.type"),
    "center.statistics.score_card": ("wanted.county", "wanted.type"),
    "center.statistics.totals": ("wanted.county", "wanted.type"),
    "form_help.choose_language": ("language",),
    "unsent.forget": ("dialog",),
    "unsent.kept": ("dialog",),
}
"""Texts that are refused, or forgotten after the answer: codes of lists, numbers of records, what somebody looks for.
The walk tries each of them, and looks at every statement that writes."""
KEPT_ASIDE = {
    "center.client_spreadsheets.choose": ("choices.columns[]", "choices.meanings[][]"),
    "center.imports.candidates": NAMED,
    "center.referrals.return_to_agency": ("marks[].row",),
    "center.client_merges.merge": ("key",),
    "center.client_spreadsheets.keep_file": ("content_hash",),
    "center.clients.add_walk_in": ("key",),
    "center.imports.save_intake": ("key",),
    "center.merges.merge": ("key",),
    "center.referrals.add_note": ("key",),
    "center.referrals.ask": ("key",),
    "center.users.connect_outside": ("subject",),
    "exports.offer": ("name", "kind"),
    "unsent.keep": ("dialog",),
}
"""Texts that are kept and that no screen shows. They are given hostile words like the others."""
MADE_OF_OTHERS = {
    "center.client_spreadsheets.mapping": "center.client_spreadsheets.choose choices.columns[]",
    "center.client_spreadsheets.keep_findings": "center.client_spreadsheets.keep_file table.lines[][][]",
    "center.client_spreadsheets.look_through": "center.client_spreadsheets.keep_file table.lines[][][]",
}
"""Actions of a work of several steps, whose texts are those that another action was given."""


ANSWER = "answer to"
CONTACT = {"name": Kind.NAME, "phone": Kind.PHONE, "email": Kind.EMAIL}
QUESTIONS = [
    one
    for one in form.referral(ReferralType.COMBINED)
    if (one.kind in LONGEST or one.kind is Kind.PERSON_CONTACT) and one.name != "agency_id"
]
"""Every question that takes words; the agency is filled in."""
OF_A_FILE = [
    one
    for one in QUESTIONS
    if one.kept is Kept.PROFILE and not (one.group or one.many) and one.kind in (Kind.TEXT_SHORT, Kind.NAME)
]
ROWS = {"caregivers": "0ca0ca01", "household": "0b00b001", "offenders": "0ff0ff01"}
MORE_OF_ROWS = {"offenders": {"ao_access": "no"}}
ASKS_MORE = {"urgency": "emergency", "ao_known": "yes", "disclosure": "yes"}
"""Answers that let more be asked."""


class TakenBack(Exception):
    """The end of a trial: nothing of it is kept."""


class Words(str):
    """Hostile words that stand for one text of one act; their number stands in those of them that do harm."""

    number: int

    def __new__(cls, text: str, number: int = 0) -> "Words":
        made = super().__new__(cls, text)
        made.number = number
        return made


@cache
def marked(number: int) -> tuple[str, ...]:
    """All payloads on one line each, the harmful ones with a number: what one text held is told from another's."""
    own_mark, own_place = f"{MARK[:-1]}{number}", f"{OUTSIDE}/{number}-"
    return tuple(" ".join(one.replace(MARK, own_mark).replace(f"{OUTSIDE}/", own_place).split()) for one in every())


TRIED_WITH = marked(900)[0]


@contextmanager
def written_down(store: Store) -> Iterator[list[str]]:
    """What statements that write were given."""
    found: list[str] = []

    def look(_connection: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE")):
            found.append(repr(given))

    event.listen(store.engine, "before_cursor_execute", look)
    try:
        yield found
    finally:
        event.remove(store.engine, "before_cursor_execute", look)


@dataclass
class Walk(Stage):
    """Goes through the acts; remembers which text held which words, and what was kept of what must not be."""

    held: dict[str, list[Words]] = field(default_factory=lambda: defaultdict(list))
    tried: set[str] = field(default_factory=set)
    kept: list[str] = field(default_factory=list)
    numbered: int = 100
    turns: int = 2
    """How many records hold the words of short texts, at most: of a name of 200 letters some 80 hold all of them."""
    packs: dict[str, list[Words]] = field(default_factory=dict)
    answered: dict[str, list[Words]] = field(default_factory=lambda: defaultdict(list))
    """What each question was answered with: it is shown, like what each text of an act held."""
    to_open: list[tuple[str, str]] = field(default_factory=list)
    walking_in: WalkInChoices = field(default_factory=WalkInChoices)
    two_files: UUID | None = None
    """The file that ended in the merge that stands."""
    to_pick: list[str] = field(default_factory=list)
    """Users whose lines the administrator has to pick."""
    bins: list[UUID] = field(default_factory=list)

    def all_words(self) -> Words:
        """A text that holds every payload, one a line, for a comment or note."""
        self.numbered += 1
        return Words("\n".join(marked(self.numbered)), self.numbered)

    def packed(self, most: int, without: str = "") -> list[Words]:
        """Texts of at most so many letters that together hold every payload that fits and has none of these signs."""
        self.numbered += 1
        packs = [""]
        for one in marked(self.numbered):
            if set(one) & set(without):
                continue
            if len(packs[-1]) + 1 + len(one) > most:
                packs.append("")
            if len(one) <= most:
                packs[-1] = f"{packs[-1]} {one}".strip()
        return [Words(one, self.numbered) for one in packs if one]

    def says(self, who: str, action: Callable[..., Any], *given: Any, **more: Any) -> Any:
        """Somebody does it; its texts that must not be kept are tried first."""
        member = proven(getattr(self.cast, who))
        name = f"{action.__module__}.{action.__qualname__}".removeprefix("actions.")
        called = inspect.signature(action).bind(None, *given, **more)
        arguments = {one: value for one, value in called.arguments.items() if one != "work"}
        for text, _, put in places(arguments):
            if declared(action, text) in NOT_KEPT.get(name, ()):
                self._try(member, f"{name} {declared(action, text)}", action, put)
        with act(member) as work:
            gave = action(work, **arguments)
        for text, words, _ in places(arguments, Words):
            self.held[f"{name} {declared(action, text)}"].append(words)
        return gave

    def _try(self, member: Member, name: str, action: Callable[..., Any], put: Callable[[Any], Any]) -> None:
        """Give one text hostile words; whatever comes of it, none of them may be written down."""
        self.tried.add(name)
        with written_down(self.store) as found, suppress(Refused, TakenBack), act(member) as work:
            action(work, **put(TRIED_WITH))
            work.session.flush()
            raise TakenBack
        self.kept += [name for one in found if TRIED_WITH in one]

    # The walk

    def go(self) -> None:
        """Do all of it once; what is asked of the numbers first, while there is little to count."""
        self._look()
        with later(days=-220):
            returned = self._return()
            self._bin_twice()
        self._retention(returned)
        self._answers()
        self._of_an_agency()
        self._decide()
        self._merge()
        self._import()
        self._walk_in()
        self._files()
        self._restrict()
        self._hold()
        self._spreadsheets()
        self._phone_in()
        self._hotline()
        self._people()
        self._count()
        self._unsent()

    def shows(self, who: str, *addresses: str) -> None:
        """What somebody has to open to see the words of the acts just done."""
        self.to_open += [(who, address) for address in addresses]

    def _answers(self) -> None:
        """Every question that takes words, each answered with all of them on so many referrals."""
        turn = 0
        while turn < min(self.turns, max(map(len, self.packs.values()), default=1)):
            given = {**ANSWERS, **ASKS_MORE, **self._answered(turn)}
            draft = self.done("olga", own.start, ReferralType.COMBINED).id
            self.says("olga", own.save_answers, draft, answers_for(ReferralType.COMBINED, given))
            if turn:
                self.done("olga", own.submit, draft, self.done("olga", own.read_draft, draft).version)
                self.shows("olga", f"sent_referral?r={draft}", f"receipt?r={draft}")
                ways = ("referral", "print_referral", "import_referral", "intake", "merge_referrals")
                self.shows("irene", *(f"{way}?r={draft}" for way in ways))
            else:
                self.shows("olga", f"write_referral?r={draft}", f"check_referral?r={draft}")
            turn += 1

    def _answered(self, turn: int) -> dict[str, Any]:
        given: dict[str, Any] = {}
        rows: dict[str, dict[str, Any]] = {}
        for question in QUESTIONS:
            for part in CONTACT if question.kind is Kind.PERSON_CONTACT else ("",):
                most = LONGEST[CONTACT.get(part, question.kind)]
                name = f"{ANSWER} {question.name}{part and f'.{part}'}"
                if name not in self.packs:
                    self.packs[name] = self.packed(most)
                value = self._next(self.packs[name], turn, many=question.many)
                self.answered[name] += value if isinstance(value, list) else [value]
                place = rows.setdefault(question.group, {}) if question.group else given
                if part:
                    place.setdefault(question.name, {})[part] = value
                else:
                    place[question.name] = value
        return given | {
            group: [{"row": ROWS[group], **MORE_OF_ROWS.get(group, {}), **row}] for group, row in rows.items()
        }

    def _next(self, packs: list[Words], turn: int, *, many: bool) -> Any:
        if not many:
            return packs[turn % len(packs)]
        start = turn * MOST_OF_A_LIST % len(packs)
        return packs[start : start + MOST_OF_A_LIST]

    def _return(self) -> UUID:
        """Two returns: one is waiting for its agency, the other waits too long."""
        marks = [Mark(name, self.all_words()) for name in ("narrative", "child_last_name", "le_case_number")]
        for one in (self.sent(), self.sent()):
            self.says(
                *("irene", referrals.return_to_agency, *self.seen(one), ReturnReason.UNCLEAR, self.all_words(), marks)
            )
            marks = [Mark("narrative", "", self.packed(40)[0])]
            self.shows("irene", f"referral?r={one}")
            self.shows("olga", f"write_referral?r={one}", f"sent_referral?r={one}")
        return one

    def _bin_twice(self) -> None:
        self.bins = [self.sent(child_last_name="Quill"), self.sent(child_last_name="Quill")]
        binned(self.cast.irene, self.bins[0])

    def _retention(self, returned: UUID) -> None:
        seen = dict([self.seen(returned)])
        self.says("irene", retention.close_unanswered, seen, self.all_words())
        purge = self.says("ada", retention.request, due_counts(self.cast.ada), self.all_words())
        self.says("sam", retention.approve, purge)
        with later(days=-100):
            binned(self.cast.irene, self.bins[1])
        self.says("ada", retention.request, due_counts(self.cast.ada), self.all_words())
        self.shows("sam", "retention", f"retention?p={purge}")
        self.shows("ada", "retention")

    def _of_an_agency(self) -> None:
        draft = self.done("olga", own.start, ReferralType.COMBINED).id
        self.done("olga", own.save_answers, draft, answers_for(ReferralType.COMBINED, ANSWERS))
        self.says("olga", own.save_answers, draft, {"urgency": "emergency", "injuries": self.all_words()})
        self.shows("olga", f"write_referral?r={draft}", f"check_referral?r={draft}")
        version = self.done("olga", own.read_draft, draft).version
        self.says("olga", own.submit, draft, version, reached=self.all_words())
        for key in self.packed(200)[:2]:
            self.says("irene", referrals.ask, draft, self.all_words(), key=key)
            self.says("irene", referrals.add_note, draft, self.all_words(), key=self.packed(200)[0])
        question = self.done("olga", own.read_own, draft).questions[0].id
        self.says("olga", own.answer, question, self.all_words())
        self.says("olga", own.add_information, draft, self.all_words())
        self.says("irene", referrals.correct, *self.seen(draft), {"safety_plan": self.all_words()})
        self.says("irene", printing.print_referral, draft, self.all_words())
        with suppress(Refused):
            self.says("irene", referrals.link_to_number, draft, "R-00-0000")
        self.shows("olga", f"sent_referral?r={draft}", f"receipt?r={draft}")
        self.shows("irene", f"referral?r={draft}", f"print_referral?r={draft}")
        withdrawn = self.sent()
        self.says("olga", own.withdraw, *self.seen(withdrawn), self.all_words())
        self.shows("olga", f"sent_referral?r={withdrawn}")
        self.shows("irene", f"referral?r={withdrawn}")
        for who, module in (("olga", own), ("irene", referrals)):
            with suppress(Refused):
                self.says(who, module.child_of_household, draft, "0b00b001")

    def _decide(self) -> None:
        sent = self.sent()
        self.says("irene", referrals.close, *self.seen(sent), CloseOutcome.CONSULT_ONLY, self.all_words())
        self.says("irene", referrals.reopen, *self.seen(sent), self.all_words())
        self.says("irene", referrals.delete, *self.seen(sent), DeleteReason.TEST, self.all_words())
        self.shows("irene", f"referral?r={sent}")

    def _merge(self) -> None:
        for stands in (True, False):
            two = self.two()
            result = self.says("irene", merges.merge, two, {}, self.all_words(), self.packed(200)[0])
            if stands:
                self.done("olga", own.add_information, next(iter(two)), "She moved.")
                self.says("olga", own.add_information, next(iter(two)), self.all_words())
            else:
                self.says("irene", merges.undo_merge, *self.seen(result), self.all_words())
            self.shows("irene", f"referral?r={result}", f"merge_referrals?m={result}", f"referral?r={next(iter(two))}")
        with suppress(Refused):
            self.says("irene", merges.merge, self.two(), {"child_sex": "words"}, "One child.", uuid4().hex)
        pair = [(RecordKind.REFERRAL, self.sent()), (RecordKind.REFERRAL, self.sent("peter"))]
        self.says("irene", doubles.not_same_child, *pair, self.all_words())
        self.shows("irene", "merge_referrals", f"merge_referrals?r={pair[0][1]},{pair[1][1]}")

    def _import(self) -> None:
        name = {"child_first_name": "Quentin", "child_last_name": "Zyle"}
        known, again, kept = (self.sent(**name) for _ in range(3))
        self.done("irene", imports.candidates, known)
        self.done("irene", imports.save_intake, known, self.version(known), IntakeChoices(decided=True), uuid4().hex)
        for referral_id in (again, kept):
            self.says(
                "irene",
                imports.candidates,
                referral_id,
                Looked(first_name=self.packed(200)[0], last_name=self.packed(200)[0]),
            )
            self.says("irene", imports.candidates, referral_id, Looked(first_name="Quentin", last_name="Zyle"))
        edited = [{one.name: self.packed(100)[0] for one in OF_A_FILE} for _ in range(2)]
        choices, others = (IntakeChoices(True, override_reason=self.all_words(), edited=one) for one in edited)
        self.says("irene", imports.keep_intake, kept, others)
        key = self.packed(200)[0]
        made = self.says("irene", imports.save_intake, again, self.version(again), choices, key)
        self.says("sam", imports.undo_import, *self.seen(known), self.all_words())
        self.done("irene", imports.candidates, kept)
        self.shows("irene", f"intake?r={kept}", f"import_referral?r={kept}", f"client?c={made.client_id}")
        self.shows("irene", f"referral?r={again}", f"referral?r={known}")

    def _walk_in(self) -> None:
        client = self.client()
        self.says("irene", clients.add_note, client, self.all_words())
        file = self.done("irene", clients.read, client)
        self.says("irene", clients.change, client, file.version, {"child_accommodations": self.all_words()})
        case = file.cases[0]
        self.says("irene", clients.change_case, case.id, case.version, {"safety_plan": self.all_words()})
        self.says("sam", clients.load_clients, [{"child_last_name": self.packed(200)[0], "child_first_name": "Loaded"}])
        loaded = self.done("sam", clients.search, "Loaded").lines[0].id
        self.shows("irene", f"client?c={client}", f"client?c={loaded}")
        same = {"child_first_name": "Quentin", "child_last_name": "Zyle", "child_dob": ANSWERS["child_dob"]}
        self.done("sam", clients.load_clients, [{**same, "child_sex": ANSWERS["child_sex"]}])
        choices = WalkInChoices({**same, "child_sex": ANSWERS["child_sex"], "allegation_types": ["neglect"]})
        added = self.says("irene", clients.add_walk_in, self._half_typed(choices), self.packed(200)[0])
        self.shows("irene", f"client?c={added.client_id}")
        self.walking_in = choices

    def _half_typed(self, choices: WalkInChoices) -> WalkInChoices:
        """A walk-in who was looked for and found, with what else is typed."""
        self.done("irene", clients.keep_walk_in, choices)
        self.done("irene", clients.walk_in_candidates)
        answers = {**choices.answers, "injuries": self.all_words(), "child_school": self.packed(200)[0]}
        said = WalkInChoices(answers, self.all_words())
        self.says("irene", clients.keep_walk_in, said)
        return said

    def _files(self) -> None:
        for stands in (True, False):
            files = [self.client(), self.client()]
            two = {one: self.done("irene", clients.read, one).version for one in files}
            kept = self.says("sam", client_merges.merge, two, {}, self.all_words(), self.packed(200)[0])
            ended = next(one for one in two if one != kept)
            if stands:
                self.two_files = ended
            else:
                self.says("sam", client_merges.undo_merge, ended, self.all_words())
            self.shows("sam", f"client?c={kept}", f"client?c={ended}")
        with suppress(Refused):
            self.says("sam", client_merges.merge, two, {"child_sex": "words"}, "One child.", uuid4().hex)

    def _restrict(self) -> None:
        for kind, record, ways in (("referral", self.sent(), "referral?r="), ("client", self.client(), "client?c=")):
            people = [self.cast.irene.user_id]
            read = referrals.read if kind == "referral" else clients.read
            self.says("irene", restricted.restrict, kind, record, people, self.all_words())
            number = self.done("irene", read, record).number
            self.says("sam", restricted.open_in_an_emergency, number, self.all_words())
            self.says("irene", restricted.lift, kind, record, self.all_words())
            self.says("irene", restricted.restrict, kind, record, people, self.all_words())
            self.says("irene", restricted.restriction, kind, record)
            self.shows("irene", f"{ways}{record}")

    def _hold(self) -> None:
        for lifted in (False, True):
            sent = self.sent()
            number = self.done("irene", referrals.read, sent).number
            hold = self.says("sam", holds.place, HeldScope.REFERRAL, self.all_words(), number=number)
            self.says("irene", holds.on_record, "referral", sent)
            self.says("ada", holds.lift, hold, self.all_words())
            if lifted:
                self.says("sam", holds.lift, hold, self.all_words())
            self.shows("irene", f"referral?r={sent}")

    def _spreadsheets(self) -> None:
        name = self.packed(120, without="/\\")  # what stands before one of these is a folder
        lines = ["Last name,First name,DOB,Sex,Notes,School"]
        child = "Zorn,Quirin,3/14/2016,M"
        rows = [f"{child},,", f"{child},,", f"Zyle,Quentin,3/27/2016,M,,{_cell(self.packed(400)[0])}"]
        content = "\n".join([*lines, *rows]).encode()
        batches = []
        for _ in range(2):
            table = read_table(content)
            lines = [(line, [_as_words(cell) for cell in cells]) for line, cells in table.lines]
            table = replace(table, told=self.packed(100)[0], lines=lines)
            batch = self.says("sam", client_spreadsheets.keep_file, name.pop(0), self.packed(60)[0], table)
            chosen = self.says("sam", client_spreadsheets.mapping, batch).choices
            codes = (*chosen.columns[:-2], self.packed(80)[0], chosen.columns[-1])
            said = replace(chosen, columns=codes, meanings={"3": {"M": self.packed(80)[0]}})
            self.says("sam", client_spreadsheets.choose, batch, said)
            self.says("sam", client_spreadsheets.choose, batch, chosen)
            client_spreadsheets.check(self._hands(), batch, lambda _done, _total: None)
            batches.append(batch)
        for line in (2, 3, 4):
            with suppress(Refused):
                self.says("sam", client_batches.decide, batches[0], line, Decision.NEW, self.all_words())
        self.done("sam", client_batches.leave_out_undecided, batches[1])
        client_loading.load(self._hands(), batches[1])
        self.says("sam", client_loading.undo, batches[1], self.all_words())
        self.shows("sam", "load_clients", *(f"load_clients?b={one}" for one in batches))

    def _hands(self) -> Hands:
        return Hands(partial(looking, self.cast.sam.session_id), partial(act, self.cast.sam))

    def _phone_in(self) -> None:
        for caller in self.packed(200)[: self.turns]:
            called = datetime.now(UTC) - timedelta(minutes=5)
            draft = self.says("irene", referrals.phone_in, ReferralType.LE, self.cast.sheriff_id, caller, called).id
            self.done("irene", referrals.save_phoned, draft, answers_for(ReferralType.LE, ANSWERS))
            self.says("irene", referrals.save_phoned, draft, {"urgency": "emergency", "injuries": self.all_words()})
            version = self.done("irene", referrals.read_phoned, draft).version
            self.says("irene", referrals.submit_phoned, draft, version, reached=self.all_words())
            self.shows("irene", f"referral?r={draft}")
        waiting = self.says(
            "irene", referrals.phone_in, ReferralType.LE, self.cast.sheriff_id, "Deputy Hill", called
        ).id
        self.says("irene", referrals.save_phoned, waiting, {"narrative": self.all_words()})
        self.shows("irene", "phone_in", f"phone_in?r={waiting}", f"phone_in?r={waiting}&step=check")

    def _hotline(self) -> None:
        for number, by in [*zip(self.packed(200), self.packed(200), strict=True)][: self.turns]:
            sent = self.sent("olga", ReferralType.CLIENT, hotline_report_made="no")
            self.says("irene", referrals.settle_hotline, sent, datetime(2026, 1, 2, tzinfo=UTC).date(), number, by)
            self.shows("irene", f"referral?r={sent}")

    def _people(self) -> None:
        for place, name in enumerate(self.packed(200)):
            username = Words(_username(place))
            self.says("ada", users.make_user, username, users.Details(name), [Role.STAFF], None)
        names, titles, emails, phones = (self.packed(most) for most in (200, 200, 200, 60))
        for place in range(min(self.turns, max(map(len, (names, titles, emails, phones))))):
            parts = (one[place % len(one)] for one in (names, titles, phones, emails))
            self.says("ada", users.make_user, f"person{place:03}", users.Details(*parts), [Role.STAFF], None)
            self.to_pick.append(f"person{place:03}")
        user = self.listed("person000")
        changed = users.Details(*(self.packed(most)[0] for most in (200, 200, 60, 200)))
        self.says("ada", users.make_user, "changed", users.Details("Tomas Reyes"), [Role.STAFF], None)
        user = self.listed("changed")
        self.says("ada", users.change_user, user.id, user.version, changed)
        self.to_pick.append("changed")
        self.says("ada", users.connect_outside, user.id, self.packed(200)[0])
        for name in self.packed(200):
            agency = self.says("ada", agencies.make_agency, name, "le")
        self.says("ada", agencies.change_agency, agency, 1, self.packed(200)[0], "le", team_partner=True)
        version, details = self.done("ada", center_details.center_details)
        more = self.packed(99)[0]
        both = Words(f"{details.name} {more}", more.number)
        self.says("ada", center_details.change_center_details, version, replace(details, name=both))
        self.shows("ada", "center")

    def _look(self) -> None:
        """What somebody looks for, and codes of lists: none of it is kept."""
        self.done("olga", begin_own_enrolment)
        with suppress(Refused):
            self.says("olga", confirm_own_enrolment, "000000")
        for find in (queue.queue, queue.next_waiting):
            self.says("irene", find, QueueFilter())
        self.says("irene", clients.find, Looked(first_name="Quentin"))
        self.says("irene", clients.search, "Quentin")
        trail = audit_trail.Wanted(events=("auth.login",))
        for ask in (audit_trail.find, audit_trail.export):
            self.says("sam", ask, trail)
        with suppress(Refused):
            self.says("sam", audit_trail.record_called, "nobody")
        period = wanted.Wanted(agency_id=self.cast.sheriff_id)
        for ask in (statistics.export, statistics.gaps, statistics.page, statistics.part, statistics.safe_part):
            self.says("sam", ask, period)
        for ask in (statistics.score_card, statistics.export_score_card, statistics.totals):
            self.says("sam", ask, period)
        with suppress(Refused):
            self.says("sam", statistics.records, period, "words", "words")
        self.says("lena", own_statistics.own_numbers, period)
        self.says("olga", form_help.choose_language, "en")

    def _count(self) -> None:
        """Names of rows in the numbers, one for each choice of a question."""
        names = cycle(self.packed(80))
        rows = {field: {choice: next(names) for choice in choices} for field, choices in Setup().mapping.items()}
        self.says("sam", statistics.save_setup, replace(Setup(), mapping=rows))
        self.shows(
            "sam", *(f"statistics?part={part.value}&period=any&first=2020-01-01&last=2030-01-01" for part in Part)
        )

    def _unsent(self) -> None:
        """What was typed in dialogs and not sent."""
        self._half_typed(self.walking_in)
        self.shows("irene", "walk_in")
        sent = self.sent()
        self.says("irene", unsent.keep, sent, self.packed(40)[0], {"text": "typed"})
        self.says("irene", unsent.keep, sent, "ask", {"text": self.all_words()}, self.version(sent))
        self.says("irene", unsent.kept, sent, "ask")
        self.says("irene", unsent.forget, sent, "note")
        self.says("sam", exports.offer, self.packed(60)[0], self.packed(60)[0], b"totals")
        self.says("olga", unsent.keep, sent, "withdraw", {"text": self.all_words()})
        self.shows("olga", f"sent_referral?r={sent}")


def _cell(text: str) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow([text])
    return written.getvalue()


def _username(place: int) -> str:
    """A payload without a blank, where one is left."""
    fit = [one.casefold() for one in every() if len(one) <= 60 and " " not in one and one.isprintable()]
    return f"{fit[place % len(fit)]}{place}"


def _as_words(cell: str) -> str:
    return Words(cell) if MARK[:12] in cell else cell
