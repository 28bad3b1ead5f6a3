"""The embedded KMS makes no RSA key that nobody asks for, and signs with the one that it makes."""

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

RSA = "RSASSA_PKCS1_V1_5_SHA_256"


@pytest.fixture
def made(monkeypatch):
    """The RSA keys that are made."""
    keys, make = [], rsa.generate_private_key
    monkeypatch.setattr(rsa, "generate_private_key", lambda **how: keys.append(how) or make(**how))
    return keys


def test_a_symmetric_key_seals_and_opens_without_one(stack, made):
    kms = boto3.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]

    sealed = kms.encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"]

    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"secret"
    assert made == []


def test_a_key_for_signatures_has_one_and_keeps_it(stack, made):
    kms = boto3.client("kms")
    key = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="RSA_3072")["KeyMetadata"]["KeyId"]

    signature = kms.sign(KeyId=key, Message=b"message", SigningAlgorithm=RSA)["Signature"]
    answer = kms.verify(KeyId=key, Message=b"message", Signature=signature, SigningAlgorithm=RSA)

    assert answer["SignatureValid"]
    assert kms.get_public_key(KeyId=key)["PublicKey"] == kms.get_public_key(KeyId=key)["PublicKey"]
    assert [how["key_size"] for how in made] == [3072]
