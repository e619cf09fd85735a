"""surefoot: trade Binance Spot without slipping. The public names, and nothing else."""
