"""Results held against known truth or labels: how far off, how often right, how honest."""
