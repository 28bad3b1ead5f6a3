"""What a relay must keep secret: encrypted with KMS under a context that names the relay."""

from chalicelib import aws
from chalicelib.settings import settings


def seal(relay_id: int, text: str) -> bytes:
    """Encrypt a text."""
    answer = aws.kms().encrypt(
        KeyId=settings().credentials_key, Plaintext=text.encode(), EncryptionContext=_context(relay_id)
    )
    return answer["CiphertextBlob"]


def opened(relay_id: int, sealed: bytes) -> str:
    """Decrypt it.

    Raises
    ------
    botocore.exceptions.ClientError
        KMS refused: try again.
    """
    answer = aws.kms().decrypt(
        KeyId=settings().credentials_key, CiphertextBlob=sealed, EncryptionContext=_context(relay_id)
    )
    return answer["Plaintext"].decode()


def _context(relay_id: int) -> dict[str, str]:
    return {"owner": f"relay#{relay_id}"}
