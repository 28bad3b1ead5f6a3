"""What a user has chosen."""

from pynamodb.attributes import BinaryAttribute, VersionAttribute

from chalicelib.accounts.items.keys import USERS, partition
from chalicelib.attributes import JsonAttribute
from chalicelib.registry import RegistryItem


class Preferences(RegistryItem):
    """What a user has chosen; apart from the user, because it may be large."""

    values = JsonAttribute(default=dict)
    openai_api_key = BinaryAttribute(legacy_encoding=False, null=True)
    """Encrypted under an encryption context that names the user."""
    version = VersionAttribute()

    @classmethod
    def of_user(cls, user_id: int) -> "Preferences":
        """Read a user's preferences; a new, empty item if there are none."""
        key = (partition(USERS, user_id), "preferences")
        try:
            return cls.get(*key, consistent_read=True)
        except cls.DoesNotExist:
            return cls(*key)
