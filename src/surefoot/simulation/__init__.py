"""Simulation: the shipped client and exchange on a clock that jumps, under faults drawn from a seed.

Lives here: the virtual-time event loop, the in-memory network and hosts, the fault plans, the trace, the
stories that are run, and the runner (``python -m surefoot.simulation``). First file to read: ``runner.py``.
``agreement`` needs no virtual time: client and exchange judge the same orders there.

Lives elsewhere: whatever is simulated. Nothing below this room knows that it is being simulated, and nothing
here imitates it: the client and the exchange server are the shipped ones. Not shown here, but on real sockets
elsewhere: TLS, DNS, uvloop, the blocking client.
"""
