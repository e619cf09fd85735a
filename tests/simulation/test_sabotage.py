"""A simulation that cannot fail proves nothing: each planted defect must be found by an invariant."""

from typing import Any

import pytest

from surefoot.client import call
from surefoot.client.aio import rest
from surefoot.client.streams import StreamLife
from surefoot.exchange.core.ledger import Wallet
from surefoot.rules.outcomes import NotDelivered
from surefoot.simulation.faults import Cut, Moment, Outage
from surefoot.simulation.names import EXCHANGE
from surefoot.simulation.options import Options, Style
from surefoot.simulation.runner import Simulation, SimulationFailed
from surefoot.simulation.workload import Orders
from surefoot.wire import Lost

LOST_ANSWER = Cut(words=b"POST /api/v3/order", nth=2, moment=Moment.ANSWER_LOST)


def complaints(*plan: Any) -> str:
    options = Options(plan=plan, styles=(Style(actions=12), Style(actions=12)))
    with pytest.raises(SimulationFailed) as caught:
        Simulation(1, plan=plan).run(Orders(options))
    return "\n".join(caught.value.report.failures)


def test_a_client_that_sends_again_after_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    once = rest.RestWire.exchange

    async def twice(self: Any, spelled: Any, total_ms: float) -> Any:
        heard = await once(self, spelled, total_ms)
        return await once(self, spelled, total_ms) if isinstance(heard, Lost) else heard

    monkeypatch.setattr(rest.RestWire, "exchange", twice)
    assert "was sent 2 times" in complaints(LOST_ANSWER)


def test_a_client_that_takes_silence_for_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    real = call.judge
    monkeypatch.setattr(
        call,
        "judge",
        lambda heard, *, mutates: (
            NotDelivered("?") if isinstance(heard, Lost) else real(heard, mutates=mutates)
        ),
    )
    assert "is refused to its trader, but exists" in complaints(LOST_ANSWER)


def test_a_stream_that_hides_its_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    real = StreamLife.live

    def silent(self: StreamLife, now_ms: int) -> None:
        real(self, now_ms)

    monkeypatch.setattr(StreamLife, "live", silent)
    said = complaints(Outage(at_s=0.3, for_s=2, between=("alice", EXCHANGE)))
    assert "alice never learnt of Fill" in said


def test_an_exchange_that_loses_money(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Wallet.unlock

    def unlock(self: Wallet, amount: int) -> None:
        real(self, amount)
        self.free -= 1

    monkeypatch.setattr(Wallet, "unlock", unlock)
    assert "was deposited" in complaints()
