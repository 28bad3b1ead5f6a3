"""Taxonomies: trees of classes that sources may be classified as."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field
from pynamodb.transactions import TransactWrite

from chalicelib import clock, transactions
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import chosen_groups, group_records, public_group
from chalicelib.http.errors import BadRequest, Forbidden
from chalicelib.http.parsing import Body, Id
from chalicelib.memory import Remembered
from chalicelib.registry import NameLock, next_number
from chalicelib.sources import blobs
from chalicelib.sources.items.taxonomy import Taxonomy

_MOST_BYTES = 250_000
_remembered: Remembered[Taxonomy] = Remembered(60.0)

Name = Annotated[str, Field(min_length=1, max_length=200)]


class TaxonomyPost(Body):
    """A tree: `{"class": name, "subclasses": [tree, …]}`."""

    name: Name
    version: Name
    hierarchy: dict[str, Any]
    provenance: Annotated[str | None, Field(max_length=1000)] = None
    is_latest: Annotated[bool, Field(alias="isLatest")] = True
    group_ids: list[Id] | None = None


def add_taxonomy(caller: Caller, post: TaxonomyPost) -> int:
    """Store a taxonomy and return its number; if it is the latest, those of the same name no longer are.

    Raises
    ------
    BadRequest
        The tree is not one, or name and version exist.
    Forbidden
        The caller is not in one of the groups.
    """
    _check(post.hierarchy)
    groups = chosen_groups(caller, post.group_ids) if post.group_ids else [public_group()]
    number = next_number(Taxonomy.KIND)
    taxonomy = Taxonomy(
        *Taxonomy.key(number),
        **post.model_dump(include={"name", "version", "hierarchy", "provenance", "is_latest"}),
        group_ids=set(groups),
    )
    older = [other for other in Taxonomy.all() if post.is_latest and other.name == post.name and other.is_latest]
    lock = NameLock(_lock_key(taxonomy), owner_id=number)

    def fill(transaction: TransactWrite) -> None:
        transaction.save(lock, NameLock.pk.does_not_exist())
        transaction.save(taxonomy)
        for other in older[: transactions.MOST_ITEMS - 2]:
            transaction.update(other, [Taxonomy.is_latest.set(False)])

    if not transactions.holds(lambda: transactions.write(fill)):
        raise BadRequest(f"Taxonomy {post.name!r} version {post.version!r} exists already.")
    _remembered.clear()
    return number


def taxonomy(taxonomy_id: int) -> Taxonomy:
    """Read a taxonomy, remembered in the process; raise BadRequest if there is none."""
    found = _remembered.get(taxonomy_id) or Taxonomy.find(taxonomy_id)
    if found is None:
        raise BadRequest(f"Invalid taxonomy_id: there is no taxonomy {taxonomy_id}.")
    _remembered.put(taxonomy_id, found)
    return found


def taxonomy_named(name: str) -> Taxonomy:
    """Read the latest taxonomy of a name; raise BadRequest if there is none."""
    found = [one for one in Taxonomy.all() if one.name == name]
    if not found:
        raise BadRequest(f"There is no taxonomy named {name!r}.")
    return max(found, key=lambda one: (one.is_latest, one.id))


def check_class(within: Taxonomy, name: str) -> None:
    """Raise BadRequest unless a taxonomy holds a class of this name."""
    if name not in set(_classes(within.hierarchy)):
        raise BadRequest(f"That classification ({name}) is not in the allowed classes for the chosen taxonomy.")


def remove_taxonomy(taxonomy_id: int) -> None:
    """Delete a taxonomy; classifications keep its number.

    Raises
    ------
    Forbidden
        There is none.
    """
    item = Taxonomy.find(taxonomy_id)
    if item is None:
        raise Forbidden("Cannot access this taxonomy.")

    def fill(transaction: TransactWrite) -> None:
        transaction.delete(item)
        transaction.delete(NameLock(_lock_key(item), "lock"))

    transactions.write(fill)
    _remembered.clear()


def taxonomy_record(item: Taxonomy) -> dict[str, Any]:
    """Return a taxonomy as JSON."""
    return {
        "id": item.id,
        "created_at": clock.iso(item.created_at),
        "modified": clock.iso(item.modified),
        "name": item.name,
        "version": item.version,
        "provenance": item.provenance,
        "isLatest": item.is_latest,
        "hierarchy": item.hierarchy,
        "groups": group_records(item.group_ids),
    }


def _check(hierarchy: Mapping[str, Any]) -> None:
    if len(blobs.json_text(hierarchy)) > _MOST_BYTES:
        raise BadRequest(f"The hierarchy has more than {_MOST_BYTES} bytes of JSON.")
    if not all(isinstance(name, str) and name for name in _classes(hierarchy)):
        raise BadRequest("Every node of the hierarchy needs a name under `class`.")


def _classes(node: Any) -> Iterator[Any]:  # noqa: ANN401 - checked here
    """Return the names in a tree; None for a node that has none."""
    if not isinstance(node, Mapping):
        yield None
        return
    yield node.get("class")
    below = node.get("subclasses") or []
    for child in below if isinstance(below, list) else [None]:
        yield from _classes(child)


def _lock_key(item: Taxonomy) -> str:
    return NameLock.key(Taxonomy.KIND, f"{item.name}#{item.version}")
