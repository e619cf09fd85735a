"""All that one address may ask of one venue: reads are made to wait, bans stop everybody (LIMIT-1 … 6).

``admit`` gives a permit or says when to come back; ``settle`` learns from the answer. Reads are shaped;
cancels and orders leave at once, unless the window is used up: the exchange would refuse them. Whether the
`gate` is open is asked before.
"""

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from surefoot.budget.costs import Costs
from surefoot.budget.gate import Gate
from surefoot.budget.lanes import Kind, Lane, kind_of
from surefoot.budget.ledger import Ledger, purse
from surefoot.budget.limits import Limits
from surefoot.budget.line import Line, Place, fits_at, room
from surefoot.budget.meter import Mark, Meter
from surefoot.budget.rain import Rain
from surefoot.budget.units import Counts
from surefoot.spot.general import RateLimit
from surefoot.spot.request import Request

_SHORTLY_MS = 50
_ASKING = 20  # what exchangeInfo costs
_BULK = 20  # a read of market data that costs so much is put off while it rains
_RAIN_READING = {Lane.ACCOUNT: 8, Lane.MARKET: 4}
_RAIN_STEP_MS = 250
_RAW_KEPT = 0.01
_MOST_OVERRATED = 0.5  # of what fits: what costs more than it should still finds a window
_CONNECTIONS = ("5m", 300_000, 300)  # the WebSocket API's exchangeInfo says it, REST's does not


class Wait(NamedTuple):
    """Not now: come back at `at_ms` (exchange's clock) with the `place`; or `ask` for the limits first. With
    `shed` it makes no sense to wait; infinite, there will never be room.
    """

    at_ms: float
    why: str
    place: Place | None = None
    ask: bool = False
    shed: bool = False


class Permit(msgspec.Struct, gc=False):
    """A request may leave: what it is expected to cost, and what every meter knew then. `alone`: nothing else
    was under way. `tag` is in whose name.
    """

    request: Request[Any]
    kind: Kind
    weight: int
    marks: tuple[tuple[Meter, Mark], ...]
    number: int
    alone: bool
    tag: str


class AddressBudget:
    """The machine. `number` is that of the newest permit, `forgotten` the last before a fork."""

    def __init__(self) -> None:
        self.limits, self.costs, self.ledger = Limits(), Costs(), Ledger()
        self.gate, self.rain, self.line = Gate(), Rain(), Line()
        self._connections = Meter(*_CONNECTIONS)
        self.number = self.forgotten = self._under_way = 0
        self._reading = {Lane.ACCOUNT: 0, Lane.MARKET: 0}

    def admit(self, request: Request[Any], now_ms: float, place: Place | None = None) -> Permit | Wait:
        """A permit, or when to come back; `place` is what the last `Wait` gave."""
        kind = kind_of(type(request))
        if place is not None:
            self.line.leave(place)
        limits = self.limits
        self._turn(now_ms)
        cost = self.costs.of(request)
        if kind.shaped:
            wait = self._shaped(kind, cost, now_ms, standing=place is not None)
        else:
            wait = _used_up(limits)
        if wait is None and limits.raw is not None:
            wait = _raw_used_up(limits.raw, now_ms)
        return wait or self._permitted(request, kind, cost)

    def claim(self, request: Request[Any], now_ms: float) -> Permit:
        """A permit that waits for nobody."""
        self._turn(now_ms)
        return self._permitted(request, kind_of(type(request)), self.costs.of(request))

    def forget_what_is_under_way(self) -> None:
        """This process is a fork: answers come to the one that asked, which has the places in line, too. What
        they may cost stays counted.
        """
        self.forgotten, self._under_way = self.number, 0
        self._reading = dict.fromkeys(self._reading, 0)
        self.line = Line()
        for meter in self.limits.weight:
            meter.pending, meter.guessed = 0, meter.guessed + meter.pending

    def _turn(self, now_ms: float) -> None:
        for meter in self.limits.weight:
            if not meter.since_ms <= now_ms < meter.until_ms:
                meter.turn(now_ms)
                meter.rate = self.gate.recover(now_ms)
            elif meter.rate < 1 or self.gate.rate < 1:
                meter.rate = self.gate.recover(now_ms)

    def _permitted(self, request: Request[Any], kind: Kind, cost: int) -> Permit:
        limits, alone = self.limits, not self._under_way
        self._under_way += 1
        self.number += 1
        if kind.shaped:
            self._reading[kind.lane] += 1
        if limits.raw is not None:
            limits.raw.heard += 1
        marks = tuple([(meter, meter.reserve(cost)) for meter in limits.weight])
        return Permit(request, kind, cost, marks, self.number, alone, purse().tag)

    def _shaped(self, kind: Kind, cost: int, now_ms: float, *, standing: bool) -> Wait | None:
        lane, stretch = kind.lane, self.costs.stretch
        if self.limits.are_doubted:
            return self.ask(now_ms)
        if self.rain.falls(now_ms):
            wait = _in_rain(self.rain, lane, cost, self._reading[lane], now_ms)
            if wait is not None:
                return wait
        for meter in self.limits.weight:
            used = meter.heard + meter.guessed + meter.pending * stretch
            ahead = 0 if standing else self.line.before(meter.index, lane)
            free = meter.most * meter.rate * (1 - kind.kept)
            if not standing and used + ahead + cost * stretch <= free:
                continue
            most = room(meter, lane)
            mine = max(cost, min(cost * stretch, most * meter.rate * _MOST_OVERRATED))
            dear = cost > most * meter.rate
            need = used + ahead + mine
            if not standing and need <= free and not dear:
                continue
            fits = (need if cost <= most else used) + _ASKING <= meter.most or not self.limits.are_known
            if self.limits.are_old(meter) and fits:
                return self.ask(now_ms)
            if dear:
                return _too_dear(meter, self.gate, lane, cost, now_ms)
            due_ms = fits_at(meter, meter.index, lane, need) if not meter.is_turning(now_ms) else None
            if due_ms is None or due_ms > now_ms:
                place = self.line.stand(meter, lane, round(mine), used, now_ms)
                return Wait(place.at_ms, "the weight of this window is shared out", place)
        return None

    def ask_for_orders(self, now_ms: float) -> Wait | None:
        """The same for who must not wait: None where they were asked for a moment ago."""
        wait = self.ask(now_ms)
        return wait if wait.ask or self.limits.are_being_read(now_ms) else None

    def ask(self, now_ms: float) -> Wait:
        """Read the limits first, or wait for whoever is reading them."""
        mine = self.limits.ask(now_ms)
        return Wait(now_ms + _SHORTLY_MS * (not mine), "the limits are being read", ask=mine)

    def learn(self, rows: Iterable[RateLimit], now_ms: float) -> None:
        """The exchange's own limits."""
        cut = self.limits.learn(rows, now_ms)
        if cut is not None:
            self.rain.begin(now_ms, cut)

    def settle(self, permit: Permit, counts: Counts | None, now_ms: float, *, free: bool) -> None:
        """It was answered; `counts` tells what is used now, None where there was no answer. `free`: it is
        certain that it cost nothing.
        """
        kind = permit.kind
        self._under_way -= 1
        if kind.shaped:
            self._reading[kind.lane] -= 1
        alone = permit.alone and permit.number == self.number
        for meter, mark in permit.marks:
            used = None if counts is None else counts.weight(meter.name)
            if used is None:
                meter.release(permit.weight) if free else meter.lost(permit.weight, now_ms)
                continue
            same, raised = mark[0] == meter.index, meter.settle(mark, permit.weight, used, now_ms)
            if used > meter.most:
                self.limits.doubt()  # it was raised, or the exchange will say more
            if free or not same:
                continue
            if alone:
                self.costs.alone(permit.request, raised)
            elif kind.shaped:
                self.costs.among_others(permit.weight, raised)

    def refused(self, now_ms: float, wait_ms: float | None, monotonic_ms: float, *, ban: bool) -> None:
        """The exchange said 429 (or 418, a `ban`) to this address, to wait so long or not how long."""
        if ban:
            self.gate.ban(wait_ms, monotonic_ms)
            return
        self._turn(now_ms)
        unsaid_ms = max(meter.ends_ms for meter in self.limits.weight) - now_ms
        self.gate.limited(unsaid_ms if wait_ms is None else wait_ms, monotonic_ms)
        self.limits.doubt()

    def connect(self, now_ms: float, weight: int) -> Wait | None:
        """Count an attempt to open a WebSocket that costs so much; or when there is room for one."""
        meter = self._connections
        meter.turn(now_ms)
        if meter.heard >= meter.most:
            return Wait(meter.ends_ms, "the connection attempts of this window are used up")
        meter.heard += 1
        self._turn(now_ms)
        for each in self.limits.weight:
            each.guessed += weight
        return None


def _too_dear(meter: Meter, gate: Gate, lane: Lane, cost: int, now_ms: float) -> Wait:
    """It fits into no window: never, or not before the slow start is over."""
    most = room(meter, lane)
    if cost > most:
        why = f"it costs {cost}, and of {meter.most} in {meter.name} a request may use {most:.0f}"
        return Wait(math.inf, why, shed=True)
    at_ms = max(gate.reaches(cost / most, now_ms), meter.ends_ms)
    return Wait(at_ms, f"it costs {cost}, too much for the slow start after 429 or 418")


def _used_up(limits: Limits) -> Wait | None:
    """For cancels and orders: what the exchange would refuse is not sent."""
    for meter in limits.weight:
        if meter.heard + meter.guessed > meter.most and limits.are_told and not limits.are_doubted:
            return Wait(meter.ends_ms, "the weight of this window is used up")
    return None


def _raw_used_up(raw: Meter, now_ms: float) -> Wait | None:
    raw.turn(now_ms)
    full = raw.heard + 1 > raw.most - math.floor(raw.most * _RAW_KEPT)
    return Wait(raw.ends_ms, "the requests of this window are used up") if full else None


def _in_rain(rain: Rain, lane: Lane, cost: int, reading: int, now_ms: float) -> Wait | None:
    """Bulk reads are put off; of the others a few are under way at a time."""
    if cost >= _BULK and lane is Lane.MARKET:
        return Wait(max(rain.until_ms, now_ms), f"rain: {rain.reason}", shed=True)
    return Wait(now_ms + _RAIN_STEP_MS, f"rain: {rain.reason}") if reading >= _RAIN_READING[lane] else None
