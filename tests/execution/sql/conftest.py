"""A real PostgreSQL, and a schema of its own for each test."""

import asyncio
import os
from collections.abc import Iterator
from itertools import count

import pytest

from tests.postgres import execute, serving

_NUMBER = count()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A server from a wheel, or the one that TEST_POSTGRES_URL names."""
    with serving() as url:
        yield url


@pytest.fixture
def database(postgres_url: str) -> Iterator[str]:
    """The address of an empty schema, which is gone after the test."""
    schema = f"test_{os.getpid()}_{next(_NUMBER)}"
    asyncio.run(execute(postgres_url, f"CREATE SCHEMA {schema}"))
    yield f"{postgres_url}?search_path={schema}"
    asyncio.run(execute(postgres_url, f"DROP SCHEMA {schema} CASCADE"))
