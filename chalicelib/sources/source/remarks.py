"""Keeps track of the annotations and classifications of sources, so that lists show them at a flat price."""

from collections.abc import Callable, Iterable

from pynamodb.expressions.condition import size
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib import transactions
from chalicelib.http.errors import TooLarge
from chalicelib.settings import MAX_BODY_BYTES
from chalicelib.sources import blobs
from chalicelib.sources.items.annotation import Annotation
from chalicelib.sources.items.classification import Classification
from chalicelib.sources.items.item import Item
from chalicelib.sources.items.remarks import REMARKS_SK, Remarks

MOST_LISTED = 300
"""Annotations and classifications of one source that lists show: their keys fit into an item."""

MOST_READ = 6000
"""Remarks of all sources of a page: each takes several hundred bytes of JSON."""

Remark = Annotation | Classification


def write_remark(remark: Remark, fill: Callable[[TransactWrite], None], gone: Remark | None = None) -> None:
    """Write a remark, new or changed, with `fill`, and name it among those of its source.

    Parameters
    ----------
    gone : Annotation or Classification, optional
        What `fill` removes in its stead.

    Raises
    ------
    pynamodb.exceptions.TransactWriteError
        A condition of what `fill` writes failed.
    """

    def whole(write: TransactWrite) -> None:
        fill(write)
        keys = Remarks.sort_keys
        fits = size(keys) < MOST_LISTED  # type: ignore[no-untyped-call]
        room = keys.does_not_exist() | keys.contains(remark.sk) | fits
        actions: list[Action] = [keys.add({remark.sk}), Remarks.kind.set(Remarks)]
        write.update(Remarks.of(remark.obj_id), actions=actions, condition=room)

    if not transactions.holds(lambda: transactions.write(whole), -1):
        transactions.write(fill)  # the list is full
    if gone is not None:  # apart, because a transaction touches an item once
        Remarks.of(gone.obj_id).update([Remarks.sort_keys.delete({gone.sk})])


def delete_remark(remark: Remark, fill: Callable[[TransactWrite], None]) -> None:
    """Delete a remark with `fill`, and name it no more."""

    def whole(write: TransactWrite) -> None:
        fill(write)
        write.update(Remarks.of(remark.obj_id), actions=[Remarks.sort_keys.delete({remark.sk})])

    transactions.write(whole)


def remarks_of(obj_ids: Iterable[str]) -> list[Remark]:
    """Read the annotations and classifications of sources, whoever may see them.

    One BatchGetItem for a hundred sources, and one for a hundred remarks.

    Raises
    ------
    TooLarge
        There are more than an answer can hold.
    """
    lists = Item.batch_get([(obj_id, REMARKS_SK) for obj_id in obj_ids], consistent_read=True)
    keys = [(one.obj_id, key) for one in lists if isinstance(one, Remarks) for key in one.sort_keys or ()]
    if len(keys) > MOST_READ:
        raise _too_large()
    items = Item.batch_get(keys, consistent_read=True) if keys else ()
    return [item for item in items if isinstance(item, Annotation | Classification)]


def check_size(remarks: Iterable[Remark]) -> None:
    """Refuse to show what one answer cannot hold, before it is read from S3.

    Raises
    ------
    TooLarge
        Telling how to ask for less.
    """
    far = sum(bool(remark.content_key) for remark in remarks if isinstance(remark, Annotation))
    if far * blobs.MOST_INLINE > MAX_BODY_BYTES:
        raise _too_large()


def _too_large() -> TooLarge:
    return TooLarge("The annotations of these sources are too large for one answer. Ask for fewer with `numPerPage`.")
