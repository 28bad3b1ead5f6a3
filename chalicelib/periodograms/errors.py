"""What can go wrong with a periodogram."""


class BrokenRequest(ValueError):
    """The event is not what the API sends; the message says what is wrong with it."""
