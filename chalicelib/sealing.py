"""What is kept secret at rest: encrypted with KMS, under a context that names whose it is and what for."""

import hashlib

from chalicelib import aws
from chalicelib.memory import Remembered
from chalicelib.settings import settings

_opened: Remembered[bytes] = Remembered(300, most=2048)


def seal(content: bytes, owner: str, **more: str) -> bytes:
    """Encrypt something of an owner, such as ``service#7``."""
    context = {"owner": owner, **more}
    answer = aws.kms().encrypt(KeyId=settings().credentials_key, Plaintext=content, EncryptionContext=context)
    return answer["CiphertextBlob"]


def opened(sealed: bytes, owner: str, **more: str) -> bytes:
    """Decrypt what was sealed under the same context.

    Raises
    ------
    botocore.exceptions.ClientError
        KMS refused: try again.
    """
    context = {"owner": owner, **more}
    answer = aws.kms().decrypt(KeyId=settings().credentials_key, CiphertextBlob=sealed, EncryptionContext=context)
    return answer["Plaintext"]


def signing_key(sealed: bytes, owner: str) -> bytes:
    """Decrypt a key that signs; remembered in the process for some minutes."""
    remembered_as = (owner, hashlib.sha256(sealed).digest())
    key = _opened.get(remembered_as)
    if key is None:
        key = opened(sealed, owner, purpose="signing")
        _opened.put(remembered_as, key)
    return key
