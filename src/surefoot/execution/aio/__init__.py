"""The asynchronous trader: the shell around the flows and machines of `execution`."""
