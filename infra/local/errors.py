"""What keeps the local stack from running, said in one sentence."""


class StackError(Exception):
    """The stack cannot start or go on; the message is for the person who started it."""

    status = 1
    """What the process exits with."""


class UsageError(StackError):
    """The command line asks for what cannot be."""

    status = 2
