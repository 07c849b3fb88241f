"""The log: JSON lines that name ids, actions and places in the code, never what people typed."""

import json
import logging
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

OURS = "desk"
"""Loggers of this name say what they are given; of any other only the fixed text's first line, without its values."""
HERE = Path(__file__).resolve().parents[1]
LONGEST_STACK = 25
LONGEST_FOREIGN = 200


class SparingRecord(logging.LogRecord):
    """A log record that becomes one JSON line the moment it is made, whoever prints it.

    Of an exception the kind and the places are kept, not its text and not its values: these may hold a name.
    """

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(self.created, UTC).isoformat(timespec="milliseconds"),
            "level": self.levelname,
            "logger": self.name,
            "message": self.getMessage() if self.name.split(".")[0] == OURS else _first_line(str(self.msg)),
        }
        if self.exc_info and self.exc_info[1]:
            line["error"] = kinds(self.exc_info[1])
            line["places"] = places(self.exc_info[2])
        self.msg, self.args = json.dumps(line, ensure_ascii=True), ()
        self.exc_info, self.exc_text, self.stack_info = None, None, None


def install() -> None:
    """Make every log line of this process such a line, uncaught errors of threads included."""
    logging.setLogRecordFactory(SparingRecord)
    console = logging.getLogger(OURS)
    console.setLevel(logging.INFO)
    console.propagate = False
    console.handlers[:] = [logging.StreamHandler(sys.stderr)]
    sys.excepthook = _uncaught
    threading.excepthook = lambda told: _uncaught(told.exc_type, told.exc_value, told.exc_traceback)


def kinds(error: BaseException) -> str:
    """What kind of error this is, and which it came from."""
    names: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(names) < 5:
        names.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    return " from ".join(names)


def places(trace: TracebackType | None) -> list[str]:
    """Where it happened: files of this project by their path in it, others by their package."""
    stack = traceback.extract_tb(trace)[-LONGEST_STACK:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in stack]


def _first_line(text: str) -> str:
    # Some packages log a whole traceback as their text, with the error's own words in it.
    return text.partition("\n")[0][:LONGEST_FOREIGN]


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(HERE) and ".venv" not in path.parts:
        return path.relative_to(HERE).as_posix()
    return "/".join(path.parts[-2:])


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    logging.getLogger(OURS).error("uncaught", exc_info=(kind, error, trace) if error else None)
