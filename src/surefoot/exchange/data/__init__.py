"""What is remembered of the public trades: history, candles, statistics; and what is told beside the book."""
