"""The plugin as a stranger's tests meet it: found by itself, light until it is used."""

import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

PAGE = """
import surefoot

seen = []


def test_first(exchange):
    seen.append(exchange.environment.rest)
    with surefoot.Client(exchange.environment, exchange.open_account(USDT=1)) as client:
        client.account()


async def test_second_is_another_one(exchange):
    assert exchange.environment.rest not in seen
    async with surefoot.connect(exchange.environment) as client:
        assert (await client.depth("BTCUSDT")).asks == ()
"""

OWN = """
import surefoot


def test_a_market_that_moves(exchange):
    with surefoot.Client(exchange.environment) as client:
        assert client.depth("ETHUSDT").bids
"""
HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "test-your-bot.md"


def test_it_is_registered() -> None:
    (found,) = [entry for entry in entry_points(group="pytest11") if entry.name == "surefoot"]
    assert found.value == "surefoot.testing.plugin"


def test_a_strangers_tests(tmp_path: Path) -> None:
    """Those above, and those that the how-to page shows."""
    (tmp_path / "test_page.py").write_text(PAGE)
    shown = re.findall(r"^```python\n(.*?)^```$", HOWTO.read_text(), re.MULTILINE | re.DOTALL)
    (tmp_path / "test_bot.py").write_text(shown[0])
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "conftest.py").write_text(shown[1])
    (tmp_path / "own" / "test_own.py").write_text(OWN)
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "asyncio_mode=auto"]
    argv += ["-W", "error", "-o", "asyncio_default_fixture_loop_scope=function", "--rootdir", str(tmp_path)]
    done = subprocess.run([*argv, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout


def test_it_costs_nothing_until_it_is_used() -> None:
    code = (
        "import sys, surefoot.testing.plugin;"
        "print([name for name in sys.modules if name.startswith('surefoot.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['surefoot.testing', 'surefoot.testing.plugin']"
