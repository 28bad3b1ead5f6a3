"""What stands encrypted in items: each AWS has a key of its own, and no other can read what that has sealed."""

from collections.abc import Callable
from typing import Any

Item = dict[str, Any]
Context = dict[str, str]

CONTEXTS: dict[str, Callable[[Item], Context]] = {
    "secret": lambda item: {"owner": f"service#{item['service_id']['N']}"},
    "signing_secret": lambda item: {"owner": f"service#{item['service_id']['N']}", "purpose": "signing"},
    "openai_api_key": lambda item: {"owner": f"user#{int(item['pk']['S'].partition('#')[2])}"},
}
"""Encryption contexts of the sealed attributes, as those who seal them make them."""


class Sealed:
    """Opens with one key and seals with another.

    Parameters
    ----------
    source, target : KMSClient
        Of the two AWS.
    key : str
        The alias of the key, in both.
    """

    def __init__(self, source: Any, target: Any, key: str) -> None:  # noqa: ANN401 - boto3 makes its classes at run time
        self._source, self._target, self._key = source, target, key

    def resealed(self, item: Item) -> Item:
        """Return an item that the target can read."""
        changed = {name: self._again(item, name) for name in CONTEXTS.keys() & item.keys() if "B" in item[name]}
        return item | changed

    def _again(self, item: Item, name: str) -> dict[str, bytes]:
        context = CONTEXTS[name](item)
        opened = self._source.decrypt(CiphertextBlob=item[name]["B"], KeyId=self._key, EncryptionContext=context)
        sealed = self._target.encrypt(Plaintext=opened["Plaintext"], KeyId=self._key, EncryptionContext=context)
        return {"B": sealed["CiphertextBlob"]}
