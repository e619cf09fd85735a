"""The exchange, and the exchange behind a street, for the tests of this folder."""

from tests.client.street import place, street

__all__ = ["place", "street"]
