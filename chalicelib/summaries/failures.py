"""The two ways in which a summary can fail; the message is for the person who asked for it."""


class SummaryFailed(Exception):
    """Trying again would not help."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TryLater(SummaryFailed):
    """It may work later, not before `retry_after_seconds` if the server said so."""

    def __init__(self, message: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
