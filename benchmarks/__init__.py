"""Measures surefoot against the raw floor of the same machine in the same run: ``python -m benchmarks``.

Here live the contenders, the server that answers them from bytes made beforehand, and the tables. Here do not
live: tests (nothing here fails a build), and other libraries than surefoot's own foundations.
How each figure comes about, and how it can mislead, is told in ``docs/explanation/performance.md``.
"""
