"""What is said of a candidate, as HTML: who it is, what speaks for and against, and both values field by field."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html import escape

from domain import fields
from domain.clients import PossibleClient
from domain.matching import Compared, Level, Reason
from widgets.words import Clock, one_line, visible

LABELS = {
    Compared.GIVEN: "First name",
    Compared.MIDDLE: "Middle name",
    Compared.SURNAME: "Last name",
    Compared.SUFFIX: "Suffix",
    Compared.DOB: "Date of birth",
    Compared.SEX: "Sex",
    Compared.ADDRESS: "Address",
    Compared.ZIP: "ZIP code",
    Compared.CITY: "City",
    Compared.PHONE: "Phone",
    Compared.CAREGIVER: "Caregiver",
    Compared.NUMBER: "Agency's number of the child",
    Compared.EMAIL: "Email",
    Compared.SCHOOL: "School",
    Compared.INCIDENT: "Case number",
    Compared.HOUSEHOLD: "Others in the home",
}
WOULD_SETTLE = (Compared.GIVEN, Compared.DOB, Compared.MIDDLE, Compared.CAREGIVER, Compared.PHONE, Compared.ADDRESS)
"""What to ask for, where one side has no answer: the most telling first."""


def said_of(one: PossibleClient, clock: Clock) -> str:
    """Heading and lines of a card: the verdict, who it is, what speaks against, and what would settle it."""
    heading = escape(one.verdict.rstrip(".").partition(":")[0])
    lines = "".join(f"<p>{line}</p>" for line in _lines(one, clock))
    return f"{_STYLE}<div class='desk-candidate'><h3>{heading}</h3>{lines}</div>"


def field_by_field(one: PossibleClient, asked: str) -> str:
    """Every field that was compared: how it compares in words, how much it says, and both values; folded up where the
    candidate is not strong. An element of its own, and with nothing in it that time changes: whoever unfolds it finds
    it so until the candidate is another one."""
    rows = "".join(_row(reason) for reason in one.reasons)
    silent = _silent(one.reasons)
    note = f"<p class='desk-below'>{silent}</p>" if silent else ""
    return (
        f"<details class='desk-fields'{' open' if one.strong else ''}><summary>Field by field: {escape(one.number)}"
        "</summary><div><table class='desk-reasons'><thead><tr><th scope='col'>What was compared</th>"
        f"<th scope='col'>{escape(asked)}</th><th scope='col'>On file</th></tr></thead><tbody>{rows}</tbody></table>"
        f"{note}</div></details>"
    )


def born(one: PossibleClient) -> str:
    """When a candidate was born, to stand behind the name; empty where that is not on file."""
    said = fields.say(fields.FIELD["child_dob"], one.dob)
    return f" · born {said}" if said else ""


def _lines(one: PossibleClient, clock: Clock) -> Iterator[str]:
    """The lines of a card: who it is, what the verdict rests on, what speaks against, and what would settle it."""
    rest = one.verdict.rstrip(".").partition(":")[2].strip()
    about = escape(f"{born(one)} · {_files(one)}, file changed {clock.ago(one.changed_at)}")
    yield f"<strong>{escape(one.number)} · {_words(one.child)}</strong>{about}"
    if rest:
        yield _words(rest[0].upper() + rest[1:] + ".")
    if one.by_ended_file:
        yield _badge("gray", "merge", "Found by what a file says that was merged into this one")
    if one.household:
        yield _badge("orange", "group", "Maybe another child of the same home")
    if against := [_words(reason.words) for reason in one.reasons if reason.bits < -0.5]:
        yield f"<strong>Speaks against:</strong> {' '.join(against)}"
    if one.settles:
        yield f"<strong>What would settle it:</strong> {escape(one.settles)}"


def _files(one: PossibleClient) -> str:
    if not one.cases:
        return "no case yet"
    cases = f"{one.cases} case{'' if one.cases == 1 else 's'}"
    return f"{cases}, {one.open_cases} open" if one.open_cases else cases


def _badge(colour: str, icon: str, words: str) -> str:
    sign = f"<span class='sign' aria-hidden='true' translate='no'>{icon}</span>"
    return f"<span class='badge {colour}'>{sign} {words}</span>"


def _silent(reasons: Sequence[Reason]) -> str:
    compared = {each.field for each in reasons}
    silent = [LABELS[field].lower() for field in WOULD_SETTLE if field not in compared]
    return f"Not compared, because one side has no answer: {', '.join(silent)}." if silent else ""


def _words(text: str) -> str:
    """Somebody's own words within a line: letter for letter, and turning nothing around them."""
    return _said(one_line(text))


# One row of the table


def _row(reason: Reason) -> str:
    ours, theirs = _beside(reason)
    strength, bar = _strength(reason.bits)
    return (
        f"<tr><th scope='row'><span class='what'>{escape(LABELS[reason.field])}</span> "
        f"<span class='how'>{escape(reason.level.value)}</span> "
        f"<span class='how'><span aria-hidden='true'>{bar} </span>{strength}</span></th>"
        f"<td>{ours}</td><td>{theirs}</td></tr>"
    )


def _strength(bits: float) -> tuple[str, str]:
    """How much a field says, in words and as a bar that needs no colour: more blocks, more weight."""
    size = abs(bits)
    blocks = 0 if size < 0.5 else 1 if size < 2 else 2 if size < 5 else 3 if size < 9 else 4
    if blocks == 0:
        return "says little", "▱▱▱▱"
    side = "for" if bits > 0 else "against"
    how = {1: "slightly ", 2: "", 3: "strongly ", 4: "very strongly "}[blocks]
    return f"{how}{side}", "▰" * blocks + "▱" * (4 - blocks)


def _beside(reason: Reason) -> tuple[str, str]:
    ours, theirs = visible(reason.ours), visible(reason.theirs)
    if reason.level in (Level.SAME, Level.DIFFERENT) or len(ours) + len(theirs) > 120:
        return _said(ours), _said(theirs)
    left, right = [], []
    for what, a, b, c, d in SequenceMatcher(None, ours.casefold(), theirs.casefold(), autojunk=False).get_opcodes():
        same = what == "equal"
        left.append(escape(ours[a:b]) if same else f"<u>{escape(ours[a:b])}</u>")
        right.append(escape(theirs[c:d]) if same else f"<u>{escape(theirs[c:d])}</u>")
    return _said_html("".join(left)), _said_html("".join(right))


def _said(text: str) -> str:
    return _said_html(escape(text))


def _said_html(text: str) -> str:
    return f"<bdi>{text}</bdi>" if text else "–"


# How it looks: as Streamlit's own headings, lines, badges and expanders do in the desk's theme.

_STYLE = """<style>
.desk-candidate h3 { font-size: 1.2rem; font-weight: 600; line-height: 1.2; margin: 0; padding: .75rem 0 1rem; }
.desk-candidate p { margin: 0 0 1rem; overflow-wrap: anywhere; }
.desk-candidate p:last-child { margin-bottom: 0; }
.desk-candidate strong { font-weight: 600; }
.desk-candidate .badge { display: inline-block; margin: 0 1px; padding: 0 .25rem; border-radius: .25rem;
  font-size: .875rem; }
.desk-candidate .gray { color: inherit; background: rgba(128, 128, 128, .15); }
.desk-candidate .orange { color: light-dark(#9b4519, #f2a56d); background: light-dark(#fff6ed, #342414); }
.desk-candidate .sign { display: inline-block; font-family: 'Material Symbols Rounded'; vertical-align: bottom; }
.desk-fields { --line: 1px solid light-dark(rgba(11, 16, 17, .2), rgba(238, 243, 243, .2)); border: var(--line);
  border-radius: .5rem; }
.desk-fields > summary { display: flex; align-items: center; gap: .625rem; min-height: 2.375rem; padding: .25rem .75rem;
  border-radius: .5rem; font-size: .875rem; cursor: pointer; list-style: none; }
.desk-fields > summary::-webkit-details-marker { display: none; }
.desk-fields > summary::before { content: ""; flex: none; width: .375rem; height: .375rem; margin: 0 .375rem 0 .125rem;
  border: solid currentColor; border-width: .1rem .1rem 0 0; transform: rotate(45deg); }
.desk-fields[open] > summary { border-bottom: var(--line); border-radius: .5rem .5rem 0 0;
  background: rgba(166, 181, 181, .08); }
.desk-fields[open] > summary::before { transform: translateY(-.125rem) rotate(135deg); }
.desk-fields > summary:hover { background: rgba(166, 181, 181, .15); }
.desk-fields > summary:focus-visible { outline: none; box-shadow: 0 0 0 .2rem rgba(27, 127, 138, .5); }
.desk-fields > div { padding: 1rem; }
.desk-reasons { width: 100%; border-collapse: collapse; font-size: .95rem; table-layout: fixed; }
.desk-reasons th, .desk-reasons td { text-align: left; vertical-align: top; padding: .35rem .5rem .35rem 0;
  border-top: 1px solid rgba(128, 128, 128, .35); overflow-wrap: anywhere; }
.desk-reasons thead th { border-top: 0; font-weight: 600; }
.desk-reasons th:first-child { width: 40%; }
.desk-reasons tbody th { font-weight: 600; }
.desk-reasons .how { display: inline-block; font-weight: 400; margin-right: .75rem; }
.desk-reasons .what { display: block; }
.desk-reasons u { text-decoration-thickness: 2px; text-underline-offset: 2px; font-weight: 700; }
.desk-below { margin: .5rem 0 0; font-size: .875rem; opacity: .8; }
</style>"""
