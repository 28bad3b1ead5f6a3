"""A command line for Siderostat, for people and scripts; `skyportal-py` is the client for Python."""
