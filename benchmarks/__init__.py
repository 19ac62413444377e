"""Speed of the product beside its peers, as ratios of paired runs: `python -m benchmarks --help`."""
