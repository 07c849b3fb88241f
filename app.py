"""The door: `streamlit run app.py`. Opens the store, prints the set-up code of an empty site, serves the screens."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit.proto.BackMsg_pb2 import BackMsg

from actions import nightly, setup, site
from settings import current
from web.guard import Guard
from web.headers import Headers
from web.routes import routes

decided = current()
log = logging.getLogger("desk")


@asynccontextmanager
async def open_desk(_app: Any) -> AsyncIterator[None]:
    """Open the store, tell the console the set-up code, and let go of what start-up left behind."""
    with site.serving(decided) as here, nightly.at_work(here):
        if here.new:
            log.warning("%s", here.recovery_sheet)
        code = setup.fresh_setup_code()
        if code:
            log.warning("This site is empty. Set-up code for its first page: %s", code)
        # Streamlit collects garbage after every rerun; what the imports made need not be walked each time.
        gc.collect()
        gc.freeze()
        yield


app = st.App(
    "pages/menu.py",
    lifespan=open_desk,
    routes=routes(),
    middleware=[
        Middleware(Headers),
        Middleware(Guard, message=BackMsg, trusted_proxies=decided.trusted_proxies),
    ],
)
