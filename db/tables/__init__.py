"""Every table, so that the schema is whole wherever one of them is imported."""

from importlib import import_module

from db.model import Base as Base

for _part in (
    "people",
    "sessions",
    "referrals",
    "clients",
    "cases",
    "search",
    "audit",
    "retention",
    "decisions",
    "spreadsheets",
    "unsent",
):
    import_module(f"db.tables.{_part}")
