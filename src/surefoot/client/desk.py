"""What one account at one venue needs to speak: its key, the exchange's clock, and who watches.

Pure: it knows keys and times; it never sends and never waits.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from surefoot.budget.local import shared
from surefoot.client.allowance import LIMITING, Allowance
from surefoot.client.catalogue import Catalogue
from surefoot.client.teller import Teller, client_order_id
from surefoot.client.timesync import ExchangeClock, Measurement, Sample
from surefoot.codec.keypair import private_key
from surefoot.codec.rest import SignedRequest
from surefoot.codec.sign import HmacKey, Signer
from surefoot.credentials import Credentials
from surefoot.credentials.binding import Binding
from surefoot.errors import Facts, Misuse, PolicyRefusal
from surefoot.net.proxy import Proxy, chosen_proxy
from surefoot.rules.grounds import FILTER_FAILURE
from surefoot.rules.outcomes import Done, NotDelivered, Outcome, Refused, Unknown
from surefoot.rules.retries import Retries
from surefoot.spot.enums import ExecutionType
from surefoot.spot.environments import LOCAL, Environment
from surefoot.spot.events import Event, ExecutionReport
from surefoot.spot.request import Request
from surefoot.telemetry.log import LogSink
from surefoot.telemetry.observations import Sink
from surefoot.values import Secret
from surefoot.wire import Origin, parse_url
from surefoot.world import Storage, World


class Key(NamedTuple):
    """An API key with its signer."""

    api_key: Secret
    signer: Signer
    tail: str


def key_of(credentials: Credentials) -> Key:
    """The signer that `credentials` describe; raises `Misuse` when the private key is unreadable."""
    if credentials.secret is not None:
        signer: Signer = HmacKey(credentials.secret)
    elif credentials.private_key is not None:
        signer = private_key(credentials.private_key, credentials.passphrase)
    else:
        raise AssertionError("credentials without a secret and without a private key")
    return Key(credentials.api_key, signer, credentials.key_tail)


class Desk:
    """One account at one venue. `production_trading` must be spelled out before a write may go to
    production. `proxy` is the URL of one, or "environment". The limits of the venue are shared with all other
    desks of this process that ask it the same way.
    """

    def __init__(
        self,
        environment: Environment,
        credentials: Credentials | None,
        *,
        world: World,
        sink: Sink | None = None,
        production_trading: bool = False,
        proxy: str | None = None,
        cache: Storage | None = None,
        retries: Retries = Retries(),  # noqa: B008 - frozen
    ) -> None:
        if not isinstance(environment, Environment):
            raise Misuse(f"{environment!r} is no Environment: say TESTNET, PRODUCTION, or local(...)")
        if not isinstance(credentials, Credentials | None):
            raise Misuse(f"a {type(credentials).__name__} is no key: make Credentials(...) of it")
        if credentials is not None and credentials.environment != environment.name:
            raise Misuse(
                f"this key belongs to {credentials.environment!r}, not to {environment.name!r}:"
                " nothing was sent"
            )
        self.environment = environment
        self._served: set[type[Request[Any]]] = set()
        self._proxy = proxy
        self.proxy_to(parse_url(environment.rest)[0])  # what cannot be read is said now
        self.key = None if credentials is None else key_of(credentials)
        if self.key is not None:
            environment.must_take(self.key.signer.kind)
        self.clock = ExchangeClock(world.clock.wall_ms() - world.clock.monotonic_ms())
        self.entropy = world.entropy
        self._monotonic_ms, self._wall_ms = world.clock.monotonic_ms, world.clock.wall_ms  # asked often
        self._raised = self.clock.doubts.raised
        self._may_trade = production_trading or not environment.production
        api_key = self.key.api_key if self.key else None
        self.teller = Teller(
            environment.name, api_key, now_ms=self.now_ms, offset_ms=self.offset_ms, sink=sink or LogSink()
        )
        self.catalogue = Catalogue(environment, cache, self.teller.note)
        self.retries = retries
        pool = shared(environment.rest, proxy, world.clock)
        account = pool.account(api_key.reveal() if api_key else "")
        self.allowance = Allowance(pool, account, world.clock.monotonic_ms)
        self._unbound = self._binding(world.storage)

    def __str__(self) -> str:
        return f"{self.environment.name}, {f'key …{self.key.tail}' if self.key else 'without a key'}"

    def now_ms(self) -> int:
        """Milliseconds since 1970 on the exchange's clock."""
        return self.clock.now_ms(self._monotonic_ms())

    def offset_ms(self) -> float:
        """Exchange's clock minus this machine's wall clock."""
        return self.clock.wall_offset_ms(self._monotonic_ms(), self._wall_ms())

    def admit(self, request: Request[Any]) -> None:
        """Raises `Misuse` for a request that the environment does not serve (ENV-4)."""
        kind = type(request)
        if kind not in self._served:
            self.environment.must_serve(request.endpoint)
            self._served.add(kind)

    def signing_key(self, request: Request[Any]) -> Key:
        """The key for a signed request; refuses where there is none, and writes to an unarmed production."""
        if self.key is None:
            raise Misuse(
                f"{type(request).__name__} needs a key, and this client was opened without credentials"
            )
        if request.endpoint.mutates and not self._may_trade:
            raise PolicyRefusal("production trading is switched off", "production_trading=True", request)
        return self.key

    def _binding(self, storage: Storage) -> Binding | None:
        """The binding of the key, where it has none yet; raises `Misuse` where it is bound elsewhere."""
        if self.key is None or self.environment.name == LOCAL:
            return None
        name, teller = self.environment.name, self.teller
        binding = Binding(storage, self.key.api_key, name, note=teller.note, warn=teller.warn)
        return None if binding.bound() else binding

    def proxy_to(self, origin: Origin) -> Proxy | None:
        """The proxy on the way to `origin`, if there is one; raises `Misuse` for one that cannot be read."""
        return chosen_proxy(self._proxy, origin)

    def doubt(self, monotonic_ms: float | None = None) -> str | None:
        """Why the clock should be measured before anything is signed now (AUTH-3), or None."""
        return self._raised(self._monotonic_ms() if monotonic_ms is None else monotonic_ms, self._wall_ms())

    def put_off_measuring(self) -> None:
        """The clock cannot be measured now: the last measurement is used a little longer."""
        self.clock.doubts.put_off(self._monotonic_ms(), self._wall_ms())

    def settle(self, samples: Sequence[Sample]) -> Measurement:
        """Take over a measurement of the clock, and tell it."""
        measured = self.clock.settle(samples)
        self.clock.doubts.measured(self._monotonic_ms(), self._wall_ms(), self.clock.error_ms)
        self.teller.clock(measured)
        return measured

    def heard(self, outcome: Outcome, took_ms: float, *, signed: bool = False) -> None:
        """Learn from an answer: how long it took, and what speaks against the clock; that the rules may have
        changed, where a filter refused; where the key belongs, when it `signed` what was answered.
        """
        if (news := self.allowance.rain.news) is not None:
            self.allowance.rain.news = None
            self.teller.warn(f"it rains: {news}; less is asked for a while")
        if isinstance(outcome, Done):
            self.clock.took(took_ms)
            if signed and (unbound := self._unbound) is not None:
                self._unbound = None  # first: another thread may hear an answer, too
                unbound.answered()
        elif isinstance(outcome, (Unknown, NotDelivered)):
            self.clock.doubts.suspect("a request failed")
        elif isinstance(outcome, Refused):
            said = outcome.said
            if said.code == FILTER_FAILURE:
                self.catalogue.doubt(self.now_ms())
            elif said.status in LIMITING:
                silence = self.allowance.silence(self.now_ms())
                until_ms = said.retry_at_ms or (int(silence.at_ms) if silence else self.now_ms())
                self.teller.limited(said.status, said.code, until_ms)

    def told(self, event: Event) -> None:
        """Learn from an event of the account: the first fill of an order gives room for others (LIMIT-3).

        An order that is filled as it comes was counted so in its answer: only a maker's fill is news.
        """
        if not isinstance(event, ExecutionReport) or event.execution_type is not ExecutionType.TRADE:
            return
        if event.is_maker and event.executed_qty == event.last_qty:
            self.allowance.filled()

    def facts(self, request: Request[Any] | None, spelled: SignedRequest | None) -> Facts:
        """What an error about `request` should carry."""
        return Facts(
            request=request,
            client_order_id=None if request is None else client_order_id(request),
            signed_at_ms=spelled.timestamp_ms if spelled else None,
            offset_ms=self.offset_ms(),
            too_late_after_ms=spelled.too_late_after_ms if spelled else None,
        )
