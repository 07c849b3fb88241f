"""The house rules that import-linter cannot say: read from the source, room by room."""

import ast
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("pages", "widgets", "web", "actions", "db", "domain")
DOORS = ("app.py", "manage.py", "settings.py")
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}


def product() -> list[Path]:
    found = [ROOT / door for door in DOORS]
    for room in ROOMS:
        found += sorted((ROOT / room).rglob("*.py"))
    return found


def in_words(path: Path) -> str:
    return str(path.relative_to(ROOT))


SOURCES = {in_words(path): ast.parse(path.read_text(encoding="utf-8")) for path in product()}
TEXTS = {in_words(path): path.read_text(encoding="utf-8") for path in product()}


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call with its dotted name, as written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_only_settings_reads_the_environment():
    readers = [
        name
        for name, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv", "os.environb"}
    ]

    assert set(readers) <= {"settings.py"}


def test_no_file_is_a_drawer_for_everything():
    assert [name for name in SOURCES if Path(name).stem in BANNED_NAMES] == []


def test_every_module_says_what_it_holds():
    silent = [name for name, tree in SOURCES.items() if not ast.get_docstring(tree) and "migrations" not in name]

    assert silent == []


def decorated(function: ast.FunctionDef, name: str) -> bool:
    return any(ast.unparse(decorator).startswith(name) for decorator in function.decorator_list)


def test_every_action_says_what_it_does():
    silent = [
        f"{name}: {node.name}"
        for name, tree in SOURCES.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and decorated(node, "permitted") and not ast.get_docstring(node)
    ]

    assert silent == []


def test_session_state_is_not_a_drawer_of_strings():
    """Pages reach it through widgets; a literal key stands in memory.py alone, all others are a widget's own."""
    openers = {name for name, text in TEXTS.items() if "st.session_state" in text}
    literal = {
        name
        for name, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and ast.unparse(node.value) == "st.session_state"
        and isinstance(node.slice, ast.Constant)
    }

    assert {name for name in openers if not name.startswith("widgets/")} == set()
    # streamlit-authenticator keeps its own strings there; one file knows them.
    assert literal <= {"widgets/memory.py", "widgets/sign_in_form.py"}


def test_nothing_is_kept_in_a_cache_that_everybody_shares():
    assert [name for name, text in TEXTS.items() if "cache_data" in text or "cache_resource" in text] == []


LEAVING = {"st.rerun", "st.stop", "st.switch_page"}
OPENING = {"at_work", "working", "looking", "system_work", "at_the_door"}


def inside_work(tree: ast.AST) -> Iterator[str]:
    """Names of what is called from within a transaction: in its block, or in a function that is given the work."""
    for block in ast.walk(tree):
        if isinstance(block, ast.With):
            opened = [
                ast.unparse(one.context_expr.func) for one in block.items if isinstance(one.context_expr, ast.Call)
            ]
            within = bool({name.split(".")[-1] for name in opened} & OPENING)
        else:
            within = isinstance(block, ast.FunctionDef) and "work" in [one.arg for one in block.args.args]
        if within:
            yield from (name for statement in block.body for name, _ in calls(statement))


def leaves_inside_work(tree: ast.AST) -> list[str]:
    """Calls that leave the page from within a transaction, which rolls it back with no error shown."""
    return [name for name in inside_work(tree) if name in LEAVING]


def test_no_page_is_left_inside_a_transaction():
    assert {name: found for name, tree in SOURCES.items() if (found := leaves_inside_work(tree))} == {}


def test_leaving_inside_a_transaction_would_be_noticed():
    planted = ast.parse("with at_work('Saved.') as work:\n    act(work)\n    st.rerun()")

    assert leaves_inside_work(planted) == ["st.rerun"]


SLOW = {"hashed", "fits", "read_apart", "read_table", "read_workbook"}


def waits_inside_work(tree: ast.AST) -> list[str]:
    """Hashing and parsing while every other writer of the desk waits."""
    return [name for name in inside_work(tree) if name.split(".")[-1] in SLOW]


def test_nothing_is_hashed_or_parsed_inside_a_transaction():
    assert {name: found for name, tree in SOURCES.items() if (found := waits_inside_work(tree))} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "with working(session) as work:\n    user.password_hash = passwords.hashed(new)",
        "def keep(work, new):\n    return passwords.fits(new, work.kept)",
    ],
)
def test_hashing_inside_a_transaction_would_be_noticed(planted):
    assert len(waits_inside_work(ast.parse(planted))) == 1


TALKING = {"socket", "ssl", "smtplib", "urllib.request", "http", "ftplib", "requests", "httpx", "aiohttp"}


def test_what_works_in_a_transaction_talks_to_nobody():
    """Actions and what they stand on call no other computer; the folder's lock asks its own computer for its name."""
    imported = {
        (name, module)
        for name, tree in SOURCES.items()
        if name.startswith(("actions", "db", "domain"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    }

    assert {each for each in imported if each[1] in TALKING} == {("db/data_folder.py", "socket")}


def test_pages_do_not_ask_for_roles():
    asking = [
        name
        for name, tree in SOURCES.items()
        if name.startswith("pages/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and "role" in ast.unparse(node.left).lower()
    ]

    assert asking == []


def test_no_statement_is_put_together_from_text():
    """f-strings in `text(...)` are how SQL injection begins; names of our own tables are the one exception."""
    allowed = {"db/copying.py", "db/backup.py"}
    found = [
        name
        for name, tree in SOURCES.items()
        for called, call in calls(tree)
        if name.startswith(("db", "actions"))
        and called.split(".")[-1] in {"text", "exec_driver_sql"}
        and any(isinstance(a, ast.JoinedStr) for a in call.args)
    ]

    assert set(found) <= allowed


def test_nothing_is_left_to_do_later():
    words = ("TODO", "FIXME", "XXX", "NotImplementedError")

    assert {name: word for name, text in TEXTS.items() for word in words if word in text} == {}


def test_our_own_code_is_never_mocked():
    mocking = [
        in_words(path)
        for path in (ROOT / "tests").rglob("*.py")
        if "unittest.mock" in path.read_text(encoding="utf-8").replace('"unittest.mock"', "")
    ]

    assert mocking == []


def test_tests_are_where_the_code_is():
    rooms = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and not path.name.startswith("__")}

    assert rooms <= {*ROOMS, "browser", "security", "faults", "populated"}


@pytest.mark.parametrize("script", ["start", "test", ".ci/run"])
def test_the_two_commands_can_be_run_and_read(script):
    path = ROOT / script

    assert os.access(path, os.X_OK)
    assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0


def test_ci_runs_the_one_definition_of_clean():
    assert "exec ./test" in (ROOT / ".ci" / "run").read_text()


def test_every_runtime_package_is_pinned():
    for file in ("requirements.txt", "requirements-dev.txt", "requirements-encrypted.txt"):
        lines = [line.partition("#")[0].strip() for line in (ROOT / file).read_text().splitlines()]
        loose = [line for line in lines if line and not line.startswith("-r ") and "==" not in line]

        assert loose == [], file
