"""Method comparison against ground truth; apart from the tests, run by ``make validate``."""
