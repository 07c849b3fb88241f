"""Ways from one screen of the center to another: only ids and a word for what to do stand in an address."""

from collections.abc import Sequence
from typing import Never
from uuid import UUID

import streamlit as st

from widgets.memory import memory

QUEUE = "center/queue.py"
REFERRAL = "center/referral.py"
MERGE = "center/merge_referrals.py"
IMPORT = "center/import_referral.py"
INTAKE = "center/intake.py"
CLIENT = "center/client.py"
CLIENTS = "center/clients.py"
WALK_IN = "center/walk_in.py"
PHONE_IN = "center/phone_in.py"
RETENTION = "center/retention.py"


def to_queue() -> Never:
    """Back to the queue, as it was left."""
    st.switch_page(QUEUE, query_params=memory().queue.address or {})


def to_referral(referral_id: UUID, do: str = "") -> Never:
    """To a referral; `do` names a dialog to open there."""
    memory().queue.open(do, referral_id if do else None)
    st.switch_page(REFERRAL, query_params={"r": str(referral_id)})


def to_merge(referral_ids: Sequence[UUID]) -> Never:
    """To the merge of these referrals."""
    st.switch_page(MERGE, query_params={"r": [str(one) for one in referral_ids]})


def to_merged(result_id: UUID) -> Never:
    """To a merge that was made: what was chosen, and its undoing."""
    st.switch_page(MERGE, query_params={"m": str(result_id)})


def to_import(referral_id: UUID) -> Never:
    """To the import of a referral, which begins with its search."""
    st.switch_page(IMPORT, query_params={"r": str(referral_id)})


def to_client(client_id: UUID) -> Never:
    """To a client's file."""
    st.switch_page(CLIENT, query_params={"c": str(client_id)})


def to_phoned_draft(referral_id: UUID) -> Never:
    """To a phoned-in referral in work."""
    st.switch_page(PHONE_IN, query_params={"r": str(referral_id)})


def id_in_address(name: str = "r") -> UUID | None:
    """The record that the address names; None where it names none that could be one."""
    try:
        return UUID(st.query_params.get(name, ""))
    except ValueError:
        return None
