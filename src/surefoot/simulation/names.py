"""The names that every plan of the story `orders` uses."""

EXCHANGE = "exchange"
NAMES = ("alice", "bob")
SYMBOLS = ("BTCUSDT", "ETHUSDT")
