"""Ways from one screen of the center to another: only ids and a word for what to do stand in an address."""

from collections.abc import Sequence
from typing import Never
from uuid import UUID

import streamlit as st

from widgets.memory import memory

QUEUE = "center/queue.py"
REFERRAL = "center/referral.py"
MERGE = "center/merge_referrals.py"
PRINT = "center/print_referral.py"
IMPORT = "center/import_referral.py"
INTAKE = "center/intake.py"
CLIENT = "center/client.py"
CLIENTS = "center/clients.py"
MERGE_CLIENTS = "center/merge_clients.py"
WALK_IN = "center/walk_in.py"
LOAD_CLIENTS = "center/load_clients.py"
PHONE_IN = "center/phone_in.py"
RETENTION = "center/retention.py"


def to_queue() -> Never:
    """Back to the queue, as it was left."""
    st.switch_page(QUEUE, query_params=memory().queue.address or {})


def to_referral(referral_id: UUID, do: str = "") -> Never:
    """To a referral; `do` names a dialog to open there."""
    memory().queue.open(do, referral_id if do else None)
    st.switch_page(REFERRAL, query_params={"r": str(referral_id)})


def to_print(referral_id: UUID) -> Never:
    """To the print of a referral, which begins with the reason for it."""
    st.switch_page(PRINT, query_params={"r": str(referral_id)})


def to_merge(referral_ids: Sequence[UUID]) -> Never:
    """To the merge of these referrals."""
    st.switch_page(MERGE, query_params={"r": [str(one) for one in referral_ids]})


def to_merged(result_id: UUID) -> Never:
    """To a merge that was made: what was chosen, and its undoing."""
    st.switch_page(MERGE, query_params={"m": str(result_id)})


def to_import(referral_id: UUID) -> Never:
    """To the import of a referral, which begins with its search."""
    st.switch_page(IMPORT, query_params={"r": str(referral_id)})


def to_file(batch_id: UUID) -> Never:
    """To a spreadsheet of clients on its way in."""
    st.switch_page(LOAD_CLIENTS, query_params={"b": str(batch_id)})


def to_client(client_id: UUID) -> Never:
    """To a client's file."""
    st.switch_page(CLIENT, query_params={"c": str(client_id)})


def to_merge_clients(client_ids: Sequence[UUID]) -> Never:
    """To two files side by side; with one, to who may be its double."""
    st.switch_page(MERGE_CLIENTS, query_params={"c": [str(one) for one in client_ids]})


def to_phoned_draft(referral_id: UUID) -> Never:
    """To a phoned-in referral in work."""
    st.switch_page(PHONE_IN, query_params={"r": str(referral_id)})


def id_in_address(name: str = "r") -> UUID | None:
    """The record that the address names; None where it names none that could be one."""
    try:
        return UUID(st.query_params.get(name, ""))
    except ValueError:
        return None


def ids_in_address(name: str = "r") -> list[UUID]:
    """The records that the address names; what cannot be an id names none."""
    found = []
    for text in st.query_params.get_all(name):
        for part in text.split(","):
            try:
                found.append(UUID(part))
            except ValueError:
                continue
    return found
