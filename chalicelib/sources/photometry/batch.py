"""A batch of measurements on its way into the table, and what lies there already."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

from chalicelib.accounts.caller import Caller
from chalicelib.ids import new_ids
from chalicelib.sources.items.instrument import Instrument
from chalicelib.sources.items.item import Item
from chalicelib.sources.items.phot_stat import PHOT_STAT_SK, PhotStat
from chalicelib.sources.items.photometry import Photometry
from chalicelib.sources.items.source import SOURCE_SK, Source
from chalicelib.sources.items.upload import Upload
from chalicelib.sources.photometry.measurement import Measurement
from chalicelib.sources.photometry.post import PhotometryPost, instrument_ids, measurements
from chalicelib.sources.records.facilities import known_instruments
from chalicelib.sources.source.access import GroupIds, readable, shared_groups

ItemT = TypeVar("ItemT", bound=Item)
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Batch:
    """Measurements to store."""

    caller: Caller
    upload_id: str
    """The same for the same content from the same caller."""
    keys: Sequence[Key]
    """One for each row that was posted, so that equal rows show."""
    rows: Mapping[Key, Measurement]
    ids: Mapping[Key, int]
    """The numbers that the measurements get if they are new."""
    instruments: Mapping[int, Instrument]
    requested_groups: GroupIds

    @property
    def obj_ids(self) -> list[str]:
        """The objects that were measured, each once."""
        return list(dict.fromkeys(obj_id for obj_id, _ in self.keys))


@dataclass(frozen=True, slots=True)
class Known:
    """What lies in the table already."""

    groups: Mapping[str, frozenset[int]]
    """Whom new points are shared with, by object."""
    statistics: Mapping[str, PhotStat]
    """By object."""
    marker: Upload | None
    points: Mapping[Key, Photometry]
    """Those with the keys of the batch."""


def batch_of(caller: Caller, post: PhotometryPost) -> Batch:
    """Check a post and turn it into a batch.

    Raises
    ------
    BadRequest
        Naming what is wrong with it.
    """
    instruments = known_instruments(instrument_ids(post))
    posted = measurements(post, instruments)
    keys = [row.key for row in posted]
    rows = dict(zip(keys, posted, strict=True))
    content = json.dumps([caller.user_id, post.group_ids, [asdict(row) for row in posted]])
    return Batch(
        caller=caller,
        upload_id=hashlib.sha256(content.encode()).hexdigest()[:32],
        keys=keys,
        rows=rows,
        ids=dict(zip(rows, new_ids(len(rows)), strict=True)),
        instruments=instruments,
        requested_groups=post.group_ids,
    )


def read_known(batch: Batch) -> Known:
    """Read sources, statistics, the marker and points that exist: two calls for a hundred rows of one source.

    Raises
    ------
    NotFound
        A source does not exist or the caller may not see it.
    Forbidden
        The caller is not in a group that was asked for.
    """
    wanted = [(obj_id, sk) for obj_id in batch.obj_ids for sk in (SOURCE_SK, PHOT_STAT_SK)]
    items = _read([Upload.key_of(batch.upload_id), *wanted])
    sources = {source.obj_id: source for source in _only(Source, items)}
    return Known(
        groups={
            obj_id: shared_groups(batch.caller, readable(batch.caller, sources.get(obj_id)), batch.requested_groups)
            for obj_id in batch.obj_ids
        },
        statistics={item.obj_id: item for item in _only(PhotStat, items)},
        marker=next(iter(_only(Upload, items)), None),
        points={(point.obj_id, point.sk): point for point in _only(Photometry, _read(batch.rows))},
    )


def _read(keys: Iterable[Key]) -> list[Item]:
    return list(Item.batch_get(list(keys), consistent_read=True))


def _only(kind: type[ItemT], items: Iterable[Item]) -> list[ItemT]:
    return [item for item in items if isinstance(item, kind)]
