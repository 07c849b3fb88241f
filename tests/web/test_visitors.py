"""Where a request comes from: forwarded words count from configured proxies only, in twenty shapes and more."""

import pytest

from web.crowd import STRANGERS_PER_ADDRESS, TABS_PER_SESSION, Crowd, TooMany
from web.visitors import host_is_ours, origin_of, same_site

PROXIES = ("10.0.0.1", "127.0.0.1")


def scope(peer=("10.9.9.9", 4000), scheme="http", **headers):
    return {
        "type": "http",
        "client": peer,
        "scheme": scheme,
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }


@pytest.mark.parametrize(
    ("peer", "forwarded", "address", "tls"),
    [
        (("10.0.0.1", 5), "1.2.3.4", "1.2.3.4", True),
        (("10.0.0.1", 5), "9.9.9.9, 1.2.3.4", "1.2.3.4", True),
        (("10.0.0.1", 5), "9.9.9.9,1.2.3.4,127.0.0.1", "1.2.3.4", True),
        (("10.0.0.1", 5), "1.2.3.4, 10.0.0.1, 127.0.0.1", "1.2.3.4", True),
        (("10.0.0.1", 5), "2001:db8::1", "2001:db8::1", True),
        (("10.0.0.1", 5), "[2001:db8::1]", "2001:db8::1", True),
        (("10.0.0.1", 5), " 1.2.3.4 ,", "1.2.3.4", True),
        (("10.0.0.1", 5), "127.0.0.1", "10.0.0.1", True),
        (("10.0.0.1", 5), "garbage", "unreadable", True),
        (("10.0.0.1", 5), "1.2.3.4:99999", "unreadable", True),
        (("10.0.0.1", 5), "<script>", "unreadable", True),
        (("10.0.0.1", 5), "'; DROP TABLE attempt; --", "unreadable", True),
        (("1.2.3.4", 0), "1.2.3.4", "1.2.3.4", True),
        (("7.7.7.7", 0), "7.7.7.7, 127.0.0.1", "7.7.7.7", True),
    ],
)
def test_a_configured_proxy_is_believed_as_far_as_it_saw(peer, forwarded, address, tls):
    origin = origin_of(scope(peer, x_forwarded_for=forwarded, x_forwarded_proto="https"), PROXIES)

    assert (origin.address, origin.tls, origin.unknown_proxy) == (address, tls, False)


@pytest.mark.parametrize(
    "headers",
    [
        {"x_forwarded_for": "127.0.0.1"},
        {"x_forwarded_for": "1.2.3.4", "x_forwarded_proto": "https"},
        {"x_forwarded_proto": "https"},
        {"forwarded": "for=127.0.0.1;proto=https"},
        {"x_forwarded_for": "10.0.0.1, 127.0.0.1"},
    ],
)
def test_anybody_else_is_not_believed(headers):
    origin = origin_of(scope(("6.6.6.6", 9), **headers), PROXIES)

    assert origin.address == "6.6.6.6"
    assert not origin.tls
    assert origin.unknown_proxy


def test_what_uvicorn_believed_of_this_computer_is_undone():
    origin = origin_of(scope(("1.2.3.4", 0), "https", x_forwarded_for="1.2.3.4", x_forwarded_proto="https"), ())

    assert origin.unknown_proxy
    assert not origin.tls


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("https://desk.example", "desk.example", True),
        ("http://127.0.0.1:8501", "127.0.0.1:8501", True),
        ("https://desk.example.evil.example", "desk.example", False),
        ("https://evil.example/desk.example", "desk.example", False),
        ("https://desk.example@evil.example", "desk.example", False),
        ("null", "desk.example", False),
        ("", "desk.example", False),
        ("https://desk.example:444", "desk.example", False),
    ],
)
def test_only_the_own_site_is_the_own_site(origin, host, same):
    assert same_site(scope(origin=origin, host=host)) is same


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "", "10.0.0.5"])
def test_a_strange_name_without_tls_is_not_ours(host):
    asked = scope(host=host)

    assert not host_is_ours(asked, origin_of(asked, ()))


@pytest.mark.parametrize("host", ["localhost", "localhost:8501", "127.0.0.1:8501", "[::1]:8501"])
def test_this_computers_own_names_are_ours(host):
    asked = scope(("127.0.0.1", 5), host=host)

    assert host_is_ours(asked, origin_of(asked, ()))


def test_an_office_behind_one_ipv6_prefix_is_one_neighbourhood():
    near = [origin_of(scope((address, 5)), ()).neighbourhood for address in ("2001:db8::1", "2001:db8::ffff:2")]

    assert near[0] == near[1]


def test_strangers_are_counted_per_address_and_leave_again():
    crowd, inside = Crowd(), []
    for _ in range(STRANGERS_PER_ADDRESS):
        inside.append(crowd.stranger("10.0.0.1"))
        inside[-1].__enter__()
    with pytest.raises(TooMany), crowd.stranger("10.0.0.1"):
        pass
    with crowd.stranger("10.0.0.2"):
        pass
    inside.pop().__exit__(None, None, None)
    with crowd.stranger("10.0.0.1"):
        pass


def test_one_session_has_a_number_of_tabs():
    crowd, inside = Crowd(), []
    for _ in range(TABS_PER_SESSION):
        inside.append(crowd.tab("a"))
        inside[-1].__enter__()
    with pytest.raises(TooMany), crowd.tab("a"):
        pass
    with crowd.tab("b"):
        pass
