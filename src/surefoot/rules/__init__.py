"""Pure judgements about requests and answers: what the exchange would refuse, and what its answer means.

Here live a symbol's filters as types (`filters`), exact arithmetic on their grids (`quantise`), the rules of
a symbol (`symbols`), what is known of market and account (`snapshot`), the judgement of a request before it
is sent (`check`: its `legs` as `orders`, then `lists` and `amends`), what can be said of one that passed
(`checked`) or was refused (`verdicts`, `grounds`), and the meaning of answers and silence (`outcomes`). Here
do not live: the words themselves (`spot`), how they are spelled (`codec`), the operator's own limits, or
anything that knows a clock, a socket or a file.
"""
