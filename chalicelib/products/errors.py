"""What can go wrong with a product: it is unreadable, a value in it is damaged, or the store refuses it."""


class Unreadable(Exception):
    """A product, or the document around it, cannot be read; the message is one sentence for people."""


class BadArguments(Unreadable):
    """What the caller asked for does not fit this product; the message begins with the name of the argument."""


class Damaged(ValueError):
    """A value within a product is not what its format says it should be."""


class BrokenRequest(ValueError):
    """The event is not what the API sends; the message is one sentence that says what is wrong with it."""


class Refused(Exception):
    """The store does not take this object (it answered 4xx); others may still be accepted."""
