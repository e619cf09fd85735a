"""Whether the client's check and the exchange say the same of the same order at the same moment.

Here live random symbols that carry every filter (`symbols`), random orders beside their bounds (`wishes`), an
exchange that is asked without a network (`venue`), and the comparison (`grounds`, `compare`). Neither side
knows the other: the client judges by what the exchange's API says, the exchange by its own rules.
"""
