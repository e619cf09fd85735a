"""The engine's integers and structs in Binance's own names and decimals. They are spelled only here."""
