"""D: what is remembered."""
