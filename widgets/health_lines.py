"""The lights of the site, in words first: never by colour alone."""

import re

import streamlit as st

from actions.health import Health, Light

SAID = {Light.GREEN: "In order", Light.YELLOW: "Look at this soon", Light.RED: "Look at this now"}
ICONS = {Light.GREEN: ":material/check_circle:", Light.YELLOW: ":material/schedule:", Light.RED: ":material/error:"}
NAMES = {
    "database": "Database",
    "schema": "Version of the database",
    "disk": "Room on the disk",
    "clock": "Clock of this computer",
    "backup": "Backups",
    "drill": "Backups tried out",
    "audit": "Audit trail",
    "retention": "Retention",
    "phones": "Phones of the center",
}


def health_lines(found: Health) -> None:
    """One line for each thing that is looked at, the worst first, with what to do about it."""
    for line in sorted(found.lines, key=lambda line: -line.light):
        st.subheader(f"{ICONS[line.light]} {NAMES[line.name]}: {SAID[line.light].lower()}", anchor=False)
        st.text(_on_screen(line.words))
        if line.next_step:
            st.text(f"Next: {_on_screen(line.next_step)}")


def health_banner(sentence: str) -> None:
    """What all people of the center see when there is no recent backup."""
    if sentence:
        st.error("Backups need somebody.", icon=":material/error:")
        st.text(_on_screen(sentence))


def _on_screen(sentence: str) -> str:
    """Commands stand between backticks, as the console says them; here they stand between quotation marks."""
    return re.sub("`([^`]+)`", "“\\1”", sentence)
