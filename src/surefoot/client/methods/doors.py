"""The one door that every method uses: `send`, with and without await."""

from typing import Protocol, TypeVar

from surefoot.spot.request import Request

A = TypeVar("A")


class AsyncDoor(Protocol):
    """Takes a request and gives its typed answer, or raises the error that says whether it happened."""

    async def send(
        self, request: Request[A], *, recv_window_ms: int | None = None, sign_before_ms: int | None = None
    ) -> A:
        """Ask `request`."""
        ...


class BlockingDoor(Protocol):
    """The same without await."""

    def send(
        self, request: Request[A], *, recv_window_ms: int | None = None, sign_before_ms: int | None = None
    ) -> A:
        """Ask `request`."""
        ...
