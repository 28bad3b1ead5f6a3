"""Why nothing may be deployed."""


class PackagingFailed(Exception):
    """A package would be incomplete, or would not run; the message says why."""
