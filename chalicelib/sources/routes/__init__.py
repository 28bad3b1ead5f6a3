"""The routes of sources and their data."""
