"""E: what leaves: summaries and exports, on request only."""
