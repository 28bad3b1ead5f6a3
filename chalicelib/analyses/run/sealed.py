"""What a relay must keep secret: encrypted with KMS under a context that names the relay."""

from chalicelib import sealing


def seal(relay_id: int, text: str) -> bytes:
    """Encrypt a text."""
    return sealing.seal(text.encode(), _owner(relay_id))


def opened(relay_id: int, sealed: bytes) -> str:
    """Decrypt it.

    Raises
    ------
    botocore.exceptions.ClientError
        KMS refused: try again.
    """
    return sealing.opened(sealed, _owner(relay_id)).decode()


def _owner(relay_id: int) -> str:
    return f"relay#{relay_id}"
