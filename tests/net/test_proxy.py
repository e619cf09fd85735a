"""Which proxy is meant, and what may be seen of it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.errors import CannotConnect, Misuse
from surefoot.net.proxy import chosen_proxy, parse_proxy
from surefoot.net.tunnel import tunnel_to
from surefoot.wire import Origin

TARGET = Origin("https", "api.example", 443)


def test_a_proxy_with_everything() -> None:
    proxy = parse_proxy("socks5://ann:open%20sesame@[::1]:99")
    assert (proxy.scheme, proxy.host, proxy.port, proxy.user) == ("socks5", "::1", 99, "ann")
    assert proxy.password is not None
    assert proxy.password.reveal() == "open sesame"
    assert proxy.where == "socks5://[::1]:99"
    assert "sesame" not in repr(proxy)


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("http://p", "http://p:3128"),
        ("p:8080", "http://p:8080"),
        ("socks5h://p/", "socks5h://p:1080"),
    ],
)
def test_what_may_be_left_out(url: str, where: str) -> None:
    assert parse_proxy(url).where == where


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://ann:hush@p:1", "https://p:1 is not one that is spoken here; give http://, socks5://"),
        ("socks4://ann:hush@p:1", "is not one that is spoken here"),
        ("http://ann:hush@p:1/path", "is not one that is spoken here"),
        ("http://ann:hush@", "is not one that is spoken here"),
        ("http://ann:hush@p:99999", "no valid port"),
        ("http://ann:hu%0d%0ash@p:1", "control characters"),
        ("http://a%3Ann:hush@p:1", "no colon"),
        ("socks5://ann@p:1", "1 to 255 bytes each"),
        ("socks5://ann:hush" + "h" * 255 + "@p:1", "1 to 255 bytes each"),
    ],
)
def test_what_is_none_is_named_without_its_password(url: str, named: str) -> None:
    with pytest.raises(Misuse) as refused:
        parse_proxy(url)
    assert named in str(refused.value)
    assert "hush" not in str(refused.value)
    assert "ann" not in str(refused.value).replace("cannot", "")


@pytest.mark.parametrize(
    ("variables", "where"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        ({"https_proxy": "http://q:1", "HTTPS_PROXY": "http://p:1"}, "http://q:1"),
        ({"ALL_PROXY": "socks5://p:1"}, "socks5://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "ALL_PROXY": "socks5://q:1"}, "http://p:1"),
        ({"HTTPS_PROXY": "", "ALL_PROXY": "socks5://q:1"}, "socks5://q:1"),
        ({"http_proxy": "http://p:1", "HTTP_PROXY": "http://p:1"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "localhost, .example"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "other, xample,"}, "http://p:1"),
    ],
)
def test_the_environment_is_asked_only_when_it_is_meant(variables: dict[str, str], where: str | None) -> None:
    found = chosen_proxy("environment", TARGET, variables)
    assert (found and found.where) == where
    assert chosen_proxy(None, TARGET, variables) is None
    given = chosen_proxy("http://r:1", TARGET, variables)
    assert given is not None
    assert given.where == "http://r:1"


def test_unencrypted_origins_have_a_variable_of_their_own() -> None:
    plain = Origin("ws", "api.example", 80)
    found = chosen_proxy("environment", plain, {"http_proxy": "p:1", "https_proxy": "q:1"})
    assert found is not None
    assert found.host == "p"
    assert chosen_proxy("environment", plain, {"HTTPS_PROXY": "p:1", "HTTP_PROXY": "p:1"}) is None


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@given(said=st.binary(max_size=300), cuts=st.lists(st.integers(0, 300), max_size=5))
def test_nonsense_ends_as_a_refusal_or_waits(scheme: str, said: bytes, cuts: list[int]) -> None:
    """However it is cut, nonsense never opens the way, and is never taken for another error."""
    talk = tunnel_to(TARGET, parse_proxy(f"{scheme}://ann:hush@p:1"))
    places = sorted({0, len(said), *(cut for cut in cuts if cut < len(said))})
    try:
        for start, end in itertools.pairwise(places):
            talk.feed(said[start:end])
    except CannotConnect:
        return
    assert not talk.done or said.startswith((b"HTTP/1.", b"\5"))


def test_names_that_no_proxy_could_look_up() -> None:
    with pytest.raises(Misuse, match="not a host name"):
        tunnel_to(Origin("https", "x" * 64 + ".example", 443), parse_proxy("socks5://p"))


def test_an_endless_head_is_given_up() -> None:
    talk = tunnel_to(TARGET, parse_proxy("http://p"))
    talk.feed(b"HTTP/1.1 200 OK\r\n")
    for _ in range(16):
        talk.feed(b"X: " + b"y" * 1_000 + b"\r\n")
    with pytest.raises(CannotConnect, match="is not HTTP"):
        talk.feed(b"X: " + b"y" * 1_000)
