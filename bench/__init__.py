"""`bin/bench`: how fast the product is, always beside the smallest Django of the same minutes."""
