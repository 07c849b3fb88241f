"""The kinds of outside agencies, with the codes that the field catalogue uses for the type of agency."""

from domain.fields import FIELD

AGENCY_KINDS: dict[str, str] = {choice.code: choice.label for choice in FIELD["agency_type"].choices}
