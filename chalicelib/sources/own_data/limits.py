"""How much a file of one's own data may hold."""

MOST_KEPT_ROWS = 70_000
"""Of a file of photometry that was stored in parts."""
