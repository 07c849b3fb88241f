"""What a form needs beside its questions: whom to call, which agencies to choose from, the language of the person."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from actions.drafting import the_center
from actions.work import Work, permitted
from db import queries
from db.tables.people import User
from domain.permissions import Permission
from domain.refusals import Refused

LANGUAGES = {"en": "English", "es": "Español"}


@dataclass(frozen=True)
class FormHelp:
    """The center's phone numbers and clock, the agencies a form offers, and the person's language."""

    center: str
    time_zone: str
    on_call_phone: str
    hotline_phone: str
    language: str
    police: tuple[str, ...]
    protection: tuple[str, ...]

    def clock(self, at: datetime) -> str:
        """A moment as "10:42 AM" by the center's clock."""
        return f"{self.local(at):%I:%M %p}".lstrip("0")

    def local(self, at: datetime) -> datetime:
        """A moment in the center's time zone."""
        return at.astimezone(ZoneInfo(self.time_zone))

    def day(self, at: datetime) -> date:
        """The center's day at a moment."""
        return self.local(at).date()


@permitted(Permission.OWN_ACCOUNT)
def form_help(work: Work) -> FormHelp:
    """Whom to call and what to choose from, as anybody who writes a referral may know."""
    center = the_center(work)
    agencies = [agency for agency in work.session.scalars(queries.agencies()) if agency.active]
    user = work.session.get(User, work.actor.user_id)
    return FormHelp(
        center=center.name,
        time_zone=center.time_zone,
        on_call_phone=center.on_call_phone,
        hotline_phone=center.hotline_phone,
        language=user.language if user else "en",
        police=tuple(agency.name for agency in agencies if agency.kind == "le"),
        protection=tuple(agency.name for agency in agencies if agency.kind == "cps"),
    )


@permitted(Permission.OWN_ACCOUNT)
def choose_language(work: Work, language: str) -> None:
    """Keep the language that this person reads the agency's screens in."""
    if language not in LANGUAGES:
        raise Refused("The desk speaks English and Spanish. Choose one of them.")
    user = work.session.get(User, work.actor.user_id)
    if user is not None and user.language != language:
        user.language = language
        work.record("user.language_chosen", "user", user.id)
