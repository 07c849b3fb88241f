"""What anybody may do is a closed, listed set, and an action without a permission stops the desk from starting."""

import ast
import importlib
from pathlib import Path

import pytest

import web.closed_set
from actions.accounts.visitors import OPEN_TO_STRANGERS
from actions.work import ACTIONS
from web.closed_set import LISTED, Unguarded, refuse_unguarded


def test_every_way_in_is_permitted_open_by_name_or_listed():
    assert refuse_unguarded() > 80


@pytest.mark.parametrize(
    "page",
    [
        "from actions.center import filing\n\nfiling.open_file(None, {}, None)\n",
        "from actions.center.filing import withdraw as begone\n\nbegone(None, None)\n",
        "import actions.drafting as drafts\n\ndrafts.throw_away(None, None)\n",
        "from actions.work import system_work\n\nwith system_work('x') as work:\n    pass\n",
    ],
)
def test_a_planted_page_that_calls_something_unguarded_stops_the_start(tmp_path, page):
    (tmp_path / "pages" / "center").mkdir(parents=True)
    (tmp_path / "pages" / "center" / "planted.py").write_text(page)

    with pytest.raises(Unguarded):
        refuse_unguarded(tmp_path)


def test_the_desk_asks_before_it_opens_anything(monkeypatch):
    source = (web.closed_set.HERE / "app.py").read_text()

    assert "with told_why_not(), site.serving(decided)" in source
    assert source.index("refuse_unguarded()\n") < source.index("        yield\n")


def test_what_strangers_may_do_is_this_and_nothing_else():
    for module in ("actions.setup", "actions.desk", "actions.accounts", "actions.health"):
        importlib.import_module(module)

    assert set(OPEN_TO_STRANGERS) == {
        "actions.accounts.passwords.choose_password",
        "actions.accounts.passwords.use_reset_code",
        "actions.accounts.second_factor.begin_enrolment",
        "actions.accounts.second_factor.confirm_enrolment",
        "actions.accounts.second_factor.finish_enrolment",
        "actions.accounts.sessions.redeem",
        "actions.accounts.sign_in.answer_code",
        "actions.accounts.sign_in.outside_sign_in",
        "actions.accounts.sign_in.sign_in",
        "actions.accounts.sign_in.sign_in_from_outside",
        "actions.desk.desk",
        "actions.health.words_for_monitoring",
        "actions.setup.is_set_up",
        "actions.setup.set_up",
    }


def test_what_checks_for_itself_is_still_there():
    for name in LISTED:
        module, _, function = name.rpartition(".")
        assert callable(getattr(importlib.import_module(module), function)), name


def test_no_action_is_both_permitted_and_open():
    assert not ACTIONS.keys() & OPEN_TO_STRANGERS.keys()


# What could run words that somebody typed

ROOT = Path(__file__).parents[2]
ROOMS = ("app.py", "manage.py", "settings.py", "web", "pages", "widgets", "actions", "db", "domain")
RUNS_WORDS = {"eval", "exec", "os.system", "os.popen"}
READS_CODE = {"pickle", "marshal", "shelve", "yaml", "dill"}
MAY_NAME_A_SCRIPT = {"widgets/doorway.py", "widgets/frame.py", "widgets/printed.py"}
"""Each puts one of our own files in the page, by its address."""


def sources():
    for room in ROOMS:
        for path in [ROOT / room] if room.endswith(".py") else sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def runs_words(file, tree):
    """What in a file could take somebody's words for markup, a command or code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html":
            yield f"{file}: markup in ordinary text"
        elif isinstance(node, ast.keyword) and node.arg == "shell":
            yield f"{file}: a shell"
        elif isinstance(node, ast.keyword) and node.arg == "unsafe_allow_javascript" and file not in MAY_NAME_A_SCRIPT:
            yield f"{file}: a script"
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in RUNS_WORDS:
            yield f"{file}: {ast.unparse(node.func)}"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names} | {getattr(node, "module", None) or ""}
            yield from (f"{file}: {name}" for name in names if name.split(".")[0] in READS_CODE)


def test_nothing_takes_words_for_markup_commands_or_code():
    assert [found for file, tree in sources() for found in runs_words(file, tree)] == []


@pytest.mark.parametrize(
    "planted",
    [
        "st.markdown(name, unsafe_allow_html=True)",
        "st.html(name, unsafe_allow_javascript=True)",
        "subprocess.run(name, shell=True)",
        "eval(name)",
        "import pickle",
        "from yaml import load",
    ],
)
def test_a_planted_line_that_does_is_found(planted):
    assert list(runs_words("pages/center/planted.py", ast.parse(planted)))
