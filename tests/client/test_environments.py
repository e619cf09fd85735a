"""What each environment is: its URLs, what it serves, and what is refused before anything is sent."""

import msgspec
import pytest

from surefoot import BINANCE_US, DATA_ONLY, DEMO, PRODUCTION, TESTNET, AsyncClient, Client, Credentials
from surefoot.client.call import call, run_blocking
from surefoot.client.desk import Desk
from surefoot.errors import Forbidden, Misuse, NotAuthorized
from surefoot.rules.outcomes import Said, error_of, judge
from surefoot.spot.account import GetAccount
from surefoot.spot.account_rates import GetCommission
from surefoot.spot.environments import ENVIRONMENTS, Environment, local, moves_money, named
from surefoot.spot.general import Ping
from surefoot.spot.market_klines import GetUiKlines
from surefoot.spot.request import Endpoint
from surefoot.values import Secret
from surefoot.world import SeededEntropy, World
from tests.client.test_call import Clock, Nowhere, ScriptedWire, Tape
from tests.project.facts import REQUESTS, facts

FACTS = facts("environments")
EACH = pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=lambda each: each.name)
WALLET = Endpoint(method="GET", path="/sapi/v1/account/apiRestrictions", ws_method="", weight=1, answer=None)


def desk(environment: Environment, credentials: Credentials | None = None) -> Desk:
    return Desk(environment, credentials, world=World(Clock(), SeededEntropy(1), Nowhere()), sink=Tape())


def hmac(environment: Environment) -> Credentials:
    return Credentials(environment=environment.name, api_key=Secret("k" * 64), secret=Secret("s"))


@EACH
def test_the_urls_are_the_documented_ones(environment: Environment) -> None:
    """ENV-1: one object holds all URLs of an environment."""
    for way in ("rest", "ws_api", "streams"):
        documented = FACTS[environment.name][way]
        if documented:
            assert list(environment.urls(way)) == documented
        else:
            with pytest.raises(Misuse, match="has no"):
                environment.urls(way)
    assert named(environment.name) is environment


@EACH
def test_what_is_served_is_what_is_documented(environment: Environment) -> None:
    """ENV-4, of every endpoint there is."""
    known = FACTS[environment.name]
    for endpoint in {kind.endpoint.path: kind.endpoint for kind in REQUESTS if kind.endpoint.path}.values():
        expected = True
        if "paths" in known:
            expected = endpoint.path in known["paths"]
        if "routes" in known:
            expected = any(route.split()[1] == endpoint.path for route in known["routes"])
        if endpoint.path.startswith("/sapi/"):  # of the wallet, in none of those lists
            expected = not known.get("no_sapi") and "paths" not in known
        assert environment.offer.serves(endpoint) is expected, endpoint.path
    assert list(environment.offer.takes) == known.get("keys", ["HMAC", "RSA", "Ed25519"])
    assert environment.offer.microseconds is known.get("microseconds", True)
    served = not known.get("no_sapi") and "paths" not in known
    assert environment.offer.serves(WALLET) is served


def test_real_money_moves_in_two_places() -> None:
    assert {name for name, each in ENVIRONMENTS.items() if each.production} == {"production", "binance-us"}


@pytest.mark.parametrize("environment", [TESTNET, DEMO, DATA_ONLY, local("http://a", "ws://a", "ws://a")])
@pytest.mark.parametrize(
    "url", ["https://api.binance.com", "https://API3.binance.com./", "wss://stream.binance.us"]
)
def test_a_production_host_is_refused_where_no_real_money_should_move(
    environment: Environment, url: str
) -> None:
    """ENV-2, however the URL got there."""
    with pytest.raises(Forbidden, match="is production"):
        environment.with_urls(rest=url)
    with pytest.raises(Forbidden, match="is production"):
        environment.with_urls(streams=("wss://stream.testnet.binance.vision", url))
    with pytest.raises(Forbidden, match="is production"):
        msgspec.structs.replace(environment, ws_api=url)
    with pytest.raises(Forbidden, match="is production"):
        msgspec.structs.replace(environment, alternatives=((environment.rest, url),))


def test_the_hosts_of_play_money_do_not_count_as_production() -> None:
    for environment in (TESTNET, DEMO, DATA_ONLY):
        urls = [url for way in ("rest", "streams") for url in environment.urls(way)]
        assert not any(map(moves_money, urls))
    with pytest.raises(Misuse, match="is not a URL"):
        moves_money("http://[half")


def test_an_overridden_url_is_the_only_one() -> None:
    """Whoever names a host of their own does not want to be led to another one."""
    private = PRODUCTION.with_urls(rest="https://link.example")
    assert private.urls("rest") == ("https://link.example",)
    assert private.urls("ws_api") == PRODUCTION.urls("ws_api")
    assert private.production
    assert msgspec.structs.replace(PRODUCTION, rest="https://link.example").urls("rest") == private.urls(
        "rest"
    )


def test_several_urls_can_be_given_and_the_first_is_preferred() -> None:
    pair = PRODUCTION.with_urls(rest=("https://b.example", "https://a.example"))
    assert pair.urls("rest") == ("https://b.example", "https://a.example")
    with pytest.raises(Misuse, match="differ in more than the host"):
        PRODUCTION.with_urls(rest=("https://b.example", "https://a.example/v9"))


@pytest.mark.parametrize(
    ("environment", "request_", "words"),
    [
        (DATA_ONLY, GetAccount(), "data-only has no GET /api/v3/account.*nothing was sent.*api/v3/klines"),
        (BINANCE_US, GetUiKlines(symbol="BTCUSD", interval="1m"), "binance-us has no GET /api/v3/uiKlines"),
        (BINANCE_US, GetCommission(symbol="BTCUSD"), "binance-us has no GET /api/v3/account/commission"),
    ],
)
def test_an_endpoint_without_a_twin_is_refused_before_anything_is_sent(environment, request_, words) -> None:
    """ENV-4: what it lacks fails locally with a clear message, with a key or without."""
    for key in (None, hmac(environment)) if environment.offer.takes else (None,):
        there = desk(environment, key)
        wire = ScriptedWire(there, Clock(), [])
        with pytest.raises(Misuse, match=words):
            run_blocking(call(wire, there, request_))
        assert wire.sent == []


def test_what_is_served_goes_through() -> None:
    there = desk(BINANCE_US)
    wire = ScriptedWire(there, Clock(), [Said(status=200, result=b"{}")] * 2)
    run_blocking(call(wire, there, Ping()))
    run_blocking(call(wire, there, Ping()))
    assert len(wire.sent) == 2


def test_market_data_takes_no_key() -> None:
    with pytest.raises(Misuse, match="data-only takes no keys"):
        desk(DATA_ONLY, hmac(DATA_ONLY))


def test_binance_us_takes_hmac_keys_only(rsa_pair) -> None:
    desk(BINANCE_US, hmac(BINANCE_US))
    rsa = Credentials(
        environment="binance-us", api_key=Secret("k" * 64), private_key=Secret(rsa_pair.private)
    )
    with pytest.raises(Misuse, match="only keys of the kind HMAC, and this one is RSA"):
        desk(BINANCE_US, rsa)


def test_binance_us_speaks_milliseconds_only() -> None:
    from surefoot import StreamOptions

    client = AsyncClient(BINANCE_US)
    with pytest.raises(Misuse, match="milliseconds only"):
        client.stream("btcusd@trade", options=StreamOptions(microseconds=True))
    with pytest.raises(Misuse, match="milliseconds only"):
        Client(BINANCE_US, hmac(BINANCE_US)).user_data(microseconds=True)


async def test_there_is_no_websocket_api_for_market_data_alone() -> None:
    with pytest.raises(Misuse, match="data-only has no WebSocket API: nothing was sent"):
        async with AsyncClient(DATA_ONLY, transport="ws_api"):
            raise AssertionError("it was entered")


def test_http_451_is_explained() -> None:
    """ENV-4: the body is not JSON, and no key helps."""
    outcome = judge(Said(status=451, result=b"<html>"))
    error = error_of(outcome, mutates=True, facts=desk(PRODUCTION).facts(Ping(), None))
    assert isinstance(error, NotAuthorized)
    assert "country" in str(error)
    assert "no key and no retry helps" in str(error)
