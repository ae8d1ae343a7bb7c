"""C: quantities in, advice out. Pure: the clock is an argument."""
