"""Loops and streets for the tests of this folder."""

from tests.net.wires import run, street

__all__ = ["run", "street"]
