"""What keeps the local stack from running, said in one sentence."""


class StackError(Exception):
    """The stack cannot start or go on; the message is for the person who started it."""
