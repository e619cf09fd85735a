"""The server side of Binance Spot's API, as pure judgement: routes, parameters, authentication, error bodies.

Here is what a server has to know to listen: which path or method is which operation, what each parameter
may be and with which code it is refused, whether a signature and a timestamp hold, how errors and limits are
said. Here is no socket, no clock, no account and no book; those live in `exchange`. Written from the official
pages, apart from what the client knows (`spot` lends its enumerations only), so that a misreading cannot
agree with itself. First file to read: `routes`.
"""
