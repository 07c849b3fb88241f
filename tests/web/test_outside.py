"""Settings of a sign-in through a provider that would leave people before a closed door stop the start."""

import pytest

from domain.refusals import Refused
from settings import OutsideSignIn
from web.outside import refuse_half_configured, told_to_streamlit


def outside(**other):
    given = {"issuer": "https://login.example", "client_id": "desk", "client_secret": "s", "name": "Example"}
    return OutsideSignIn(**{**given, "address": "https://desk.example", **other})


@pytest.mark.parametrize(
    "other",
    [
        {"issuer": ""},
        {"client_id": ""},
        {"client_secret": ""},
        {"address": ""},
        {"issuer": "http://login.example"},
        {"address": "http://desk.example"},
    ],
)
def test_half_a_provider_stops_the_start(other):
    with pytest.raises(Refused, match="OIDC_ISSUER"):
        refuse_half_configured(outside(**other))


def test_none_and_a_whole_one_do_not():
    refuse_half_configured(None)
    refuse_half_configured(outside())


def test_streamlit_is_told_nothing_unless_there_is_a_provider():
    told = told_to_streamlit(outside())["auth"]

    assert told_to_streamlit(None) == {}
    assert told["redirect_uri"] == "https://desk.example/oauth2callback"
    assert told["server_metadata_url"] == "https://login.example/.well-known/openid-configuration"
    assert told["cookie_secret"] != told_to_streamlit(outside())["auth"]["cookie_secret"]
