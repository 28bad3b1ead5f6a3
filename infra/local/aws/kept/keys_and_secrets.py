"""Lets moto's KMS and Secrets Manager keep their keys, aliases and secrets."""

import base64
import functools
import json
from collections.abc import Callable, Iterable
from typing import Any

from moto.kms.models import Alias, Key, KmsBackend, kms_backends
from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend, secretsmanager_backends

from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.kept.database import Database

_KEYS_CHANGE_BY = (
    "create_key", "create_alias", "update_alias", "delete_alias", "delete_key", "schedule_key_deletion",
    "cancel_key_deletion", "enable_key", "disable_key", "enable_key_rotation", "disable_key_rotation",
    "put_key_policy", "update_key_description",
)  # fmt: skip
_SECRETS_CHANGE_BY = (
    "create_secret", "update_secret", "put_secret_value", "delete_secret", "restore_secret", "rotate_secret",
    "update_secret_version_stage", "tag_resource", "untag_resource", "put_resource_policy", "delete_resource_policy",
)  # fmt: skip
_OF_KEY = (
    "id", "arn", "creation_date", "policy", "key_usage", "key_state", "description", "enabled", "key_spec", "origin",
    "key_manager", "key_rotation_status",
)  # fmt: skip
_SYMMETRIC = "SYMMETRIC_DEFAULT"


def install(database: Database) -> None:
    """Bring back what there was, and keep what changes."""
    keys, secrets = kms_backends[ACCOUNT_ID][REGION], secretsmanager_backends[ACCOUNT_ID][REGION]
    for kind, definition in database.read("SELECT kind, definition FROM resources WHERE kind IN ('key', 'secret')"):
        if kind == "key":
            key = _key(json.loads(definition))
            keys.keys[key.id] = key
        else:
            secret = _secret(json.loads(definition))
            secrets.secrets[secret.name] = secret
    for backend, names, kind, definitions in (
        (KmsBackend, _KEYS_CHANGE_BY, "key", _definitions_of_keys),
        (SecretsManagerBackend, _SECRETS_CHANGE_BY, "secret", _definitions_of_secrets),
    ):
        for name in names:
            setattr(backend, name, _kept(getattr(backend, name), database, kind, definitions))


def _kept(operation: Any, database: Database, kind: str, definitions: Callable[[], Iterable[tuple[str, str]]]) -> Any:
    @functools.wraps(operation)
    def kept(*args: Any, **named: Any) -> Any:
        answer = operation(*args, **named)
        rows = [(kind, name, definition) for name, definition in definitions()]

        def write(connection: Any) -> None:
            connection.execute("DELETE FROM resources WHERE kind = ?", (kind,))
            connection.executemany("INSERT INTO resources (kind, name, definition) VALUES (?, ?, ?)", rows)

        database.write(write)
        return answer

    return kept


def _definitions_of_keys() -> list[tuple[str, str]]:
    keys = [key for key in kms_backends[ACCOUNT_ID][REGION].keys.values() if key.key_spec == _SYMMETRIC]
    return [(key.id, json.dumps(_facts_of_key(key))) for key in keys]


def _facts_of_key(key: Any) -> dict[str, Any]:
    material = base64.b64encode(key.key_material).decode()
    return {name: getattr(key, name) for name in _OF_KEY} | {"material": material, "aliases": sorted(key.aliases)}


def _key(facts: dict[str, Any]) -> Any:
    key = Key(facts["policy"], facts["key_usage"], facts["key_spec"], facts["description"], ACCOUNT_ID, REGION)
    for name in _OF_KEY:
        setattr(key, name, facts[name])
    key.key_material = base64.b64decode(facts["material"])
    for name in facts["aliases"]:
        key.aliases[name] = Alias(ACCOUNT_ID, REGION, name, key)
    return key


def _definitions_of_secrets() -> list[tuple[str, str]]:
    secrets = dict.values(secretsmanager_backends[ACCOUNT_ID][REGION].secrets)
    return [
        (secret.name, json.dumps({name: value for name, value in vars(secret).items() if name != "replicas"}))
        for secret in secrets
        if isinstance(secret, FakeSecret)
    ]


def _secret(facts: dict[str, Any]) -> Any:
    secret = FakeSecret.__new__(FakeSecret)
    vars(secret).update(facts, replicas=[])
    return secret
