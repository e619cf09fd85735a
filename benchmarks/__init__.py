"""Measures surefoot against the raw floor of the same machine in the same run: ``python -m benchmarks``.

Here live the contenders, other people's clients among them (`others`), the server that answers them from
bytes made beforehand, and the tables. Here do not live: tests, as nothing here fails a build.
How each figure comes about, and how it can mislead, is told in ``docs/explanation/performance.md``.
"""
