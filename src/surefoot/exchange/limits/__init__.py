"""Limits of the exchange by address and account, in calendar windows, and bans of those who do not listen."""
