"""Binance Spot's vocabulary as frozen structs, in the order of the official chapters.

Here live the words: enums, requests (each beside its answer), events, filters, error codes, environments.
Here do not live: how a word is spelled on the wire (`codec`), what it means when it comes back (`rules`),
or anything that knows a socket, a clock or a file.
"""
