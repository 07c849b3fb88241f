"""The door: `streamlit run app.py`. Opens the store, prints the set-up code of an empty site, serves the screens."""

import gc
import logging
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit.proto.BackMsg_pb2 import BackMsg

from actions import setup
from db import migrations, store
from settings import current
from web.guard import Guard
from web.headers import Headers
from web.routes import routes

decided = current()


def site_secret(folder: Path) -> bytes:
    """The site's own secret, made at the first start in a file that only its owner reads."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "site.key"
    if not path.exists():
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    return bytes.fromhex(path.read_text(encoding="ascii").strip())


@asynccontextmanager
async def open_desk(_app: Any) -> AsyncIterator[None]:
    """Open the store, tell the console the set-up code, and let go of what start-up left behind."""
    opened = store.use(store.Store(decided.database_url, site_secret(decided.key_dir)))
    migrations.upgrade(opened.engine)
    code = setup.fresh_setup_code()
    if code:
        logging.getLogger("desk").warning("This site is empty. Set-up code for its first page: %s", code)
    # Streamlit collects garbage after every rerun; what the imports made need not be walked each time.
    gc.collect()
    gc.freeze()
    yield
    opened.close()


app = st.App(
    "pages/menu.py",
    lifespan=open_desk,
    routes=routes(),
    middleware=[
        Middleware(Headers),
        Middleware(Guard, message=BackMsg, trusted_proxies=decided.trusted_proxies),
    ],
)
