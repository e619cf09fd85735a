"""The exchange of the story: its accounts, its limits, and a little of its own liquidity."""

from surefoot.exchange.accounts import ample_balances, default_accounts
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.listing import SCALE, default_exchange_info, listing_from_exchange_info
from surefoot.exchange.limits.profile import PRODUCTION as PRODUCTION_LIMITS
from surefoot.exchange.liquidity.house import House
from surefoot.exchange.server import Binding, ExchangeServer
from surefoot.simulation.names import EXCHANGE, SYMBOLS
from surefoot.simulation.prices import MIDDLE
from surefoot.simulation.trading.actions import PRICE_STEP
from surefoot.spot.enums import Side
from surefoot.world import World

_LEVELS = (6, 8, 10)
_STEPS = 5_000
_LOOK_US = 3_000_000


class Ladder:
    """Quotes of the house on both sides of the middle, a little away; what was eaten is quoted again."""

    def __init__(self, engine: Engine) -> None:
        self._houses = {symbol: House(engine, symbol) for symbol in SYMBOLS}
        self._resting: dict[tuple[str, Side, int], int | None] = {}

    def step(self, now_us: int) -> int:
        """Quote what is missing; look again in three seconds."""
        for symbol, house in self._houses.items():
            for level in _LEVELS:
                for side, sign in ((Side.BUY, -1), (Side.SELL, 1)):
                    place = (symbol, side, level)
                    resting = self._resting.get(place)
                    if resting is None or house.resting(resting) is None:
                        price = (MIDDLE[symbol] + sign * level * PRICE_STEP[symbol]) * SCALE
                        self._resting[place] = house.quote(now_us, side, price // house.listing.tick, _STEPS)
        return now_us + _LOOK_US


def venue(world: World, names: tuple[str, ...]) -> ExchangeServer:
    """An exchange where these have accounts."""
    info = default_exchange_info()
    listings = [listing_from_exchange_info(row) for row in info["symbols"] if row["symbol"] in SYMBOLS]
    last_prices = {symbol: price * SCALE for symbol, price in MIDDLE.items()}
    now_us = int(world.clock.wall_ms() * 1000)
    engine = Engine(listings, entropy=world.entropy, now_us=now_us, last_prices=last_prices)
    accounts = default_accounts(world.entropy, names)
    for account in accounts:
        engine.open_account(account.name, ample_balances(listings))
    return ExchangeServer(
        engine,
        accounts,
        world,
        info=info,
        binding=Binding(host=EXCHANGE),
        limits=PRODUCTION_LIMITS,
        steppers=(Ladder(engine),),
    )
