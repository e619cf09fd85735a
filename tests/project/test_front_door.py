"""The public names: each is there, each is documented, and who does not use it does not pay for it."""

import subprocess
import sys

import pytest

import surefoot


def test_every_public_name_has_its_home() -> None:
    assert sorted(surefoot._HOMES) == sorted(surefoot.__all__) == sorted(dir(surefoot))
    for name in surefoot.__all__:
        assert getattr(surefoot, name) is not None


def test_a_name_that_is_not_there_is_named() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Gateway'"):
        surefoot.Gateway  # noqa: B018


@pytest.mark.process
@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import surefoot", "msgspec"),
        ("from surefoot import Client", "picows"),
        ("import surefoot.client.blocking", "asyncio"),
    ],
)
def test_who_does_not_use_it_does_not_pay_for_it(statement: str, absent: str) -> None:
    code = f"{statement}; import sys; print({absent!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
