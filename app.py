"""The door: `streamlit run app.py`. Opens the store, prints the set-up code of an empty site, serves the screens."""

import gc
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit.file_util import get_static_dir
from streamlit.proto.BackMsg_pb2 import BackMsg

from actions import nightly, setup, site
from domain.refusals import Refused
from settings import current
from web import faults, logs, outside
from web.at_once import answer_at_once
from web.closed_set import Unguarded, refuse_unguarded
from web.front_end import FrontEnd
from web.guard import Guard
from web.headers import Headers
from web.routes import routes

decided = current()
# Streamlit's own error output would print what people typed: from here on every log line is a sparing one.
logs.install()
answer_at_once()


def say(words: str) -> None:
    """Tell whoever starts the desk, on the console and not in the log: codes and keys are for one pair of eyes."""
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


def tell_of_fault(error: Exception) -> bool:
    """What a person sees in place of an error in a screen: a refusal's sentence, or a reference."""
    st.error(error.message if isinstance(error, Refused) else faults.sentence(faults.noted(error)))
    return True


@contextmanager
def told_why_not() -> Iterator[None]:
    """Say on the console why the desk does not start; the log names only the place."""
    try:
        refuse_unguarded()
        outside.refuse_half_configured(decided.outside)
        yield
    except (Refused, Unguarded) as refusal:
        say(str(refusal))
        raise
    except Exception as error:
        faults.noted(error)
        raise


@asynccontextmanager
async def open_desk(_app: Any) -> AsyncIterator[None]:
    """Open the store, tell the console the set-up code, and let go of what start-up left behind."""
    with told_why_not(), site.serving(decided) as here, nightly.at_work(here):
        if here.new:
            say(here.recovery_sheet)
        code = setup.fresh_setup_code()
        if code:
            say(f"This site is empty. Set-up code for its first page: {code}")
        # Streamlit collects garbage after every rerun; what the imports made need not be walked each time.
        gc.collect()
        gc.freeze()
        yield


app = st.App(
    "pages/menu.py",
    lifespan=open_desk,
    routes=routes(),
    secrets=outside.told_to_streamlit(decided.outside),
    on_script_error=tell_of_fault,
    exception_handlers={Exception: faults.answer},
    middleware=[
        Middleware(Headers),
        Middleware(
            Guard,
            message=BackMsg,
            trusted_proxies=decided.trusted_proxies,
            outside_sign_in=decided.outside is not None,
        ),
        Middleware(FrontEnd, folder=Path(get_static_dir()) / "static", address="/static"),
    ],
)
