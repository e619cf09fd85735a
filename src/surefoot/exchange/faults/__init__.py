"""What the exchange does wrong on purpose: rules as data, and the plan that decides which request they strike."""
