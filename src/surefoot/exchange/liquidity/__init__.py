"""Someone to trade with: seeded and recorded markets, which act through an account of the house."""
