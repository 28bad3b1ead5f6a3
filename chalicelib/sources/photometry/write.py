"""Writes new points, as many as a transaction holds at a time, each time with the statistics that they lead to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pynamodb.transactions import TransactWrite

from chalicelib import transactions
from chalicelib.sources.items.phot_stat import PhotStat
from chalicelib.sources.items.photometry import Photometry
from chalicelib.sources.items.upload import Upload
from chalicelib.sources.phot_stats.stored import replace_state, state_of
from chalicelib.sources.photometry.batch import Batch, Known
from chalicelib.sources.photometry.measurement import Measurement

_ROOM = transactions.MOST_ITEMS - 1  # one is for the marker


@dataclass(frozen=True, slots=True)
class _MarkerStep:
    """What one transaction does with the marker of its upload."""

    upload_id: str
    is_open: bool
    stays_open: bool

    def fill(self, transaction: TransactWrite) -> None:
        key = Upload.key_of(self.upload_id)
        still_open = Upload.sk.exists() & Upload.withdrawn.does_not_exist()
        if self.is_open and self.stays_open:
            transaction.condition_check(Upload, *key, condition=still_open)
        elif self.is_open:
            transaction.delete(Upload(*key), still_open)
        elif self.stays_open:
            transaction.save(Upload(*key), Upload.sk.does_not_exist())


def write_points(batch: Batch, known: Known, rows: Iterable[Measurement], *, marked: bool) -> None:
    """Write rows of a batch that do not exist; raise TransactWriteError if one does now, or the statistics changed.

    Parameters
    ----------
    marked : bool
        Whether an upload that takes several transactions has a marker as long as it is under way.
    """
    states = {obj_id: state_of(item) for obj_id, item in known.statistics.items()}
    chunks = list(_chunks(sorted(rows, key=lambda row: row.obj_id)))
    is_open = known.marker is not None
    for number, chunk in enumerate(chunks, start=1):
        points = [_point(batch, known, row) for row in chunk]
        changed = [known.statistics[obj_id] for obj_id in {row.obj_id for row in chunk}]
        for item in changed:
            states[item.obj_id] = states[item.obj_id].including(row for row in chunk if row.obj_id == item.obj_id)
            replace_state(item, states[item.obj_id])
            item.last_phot_add_time = max(point.created_at for point in points if point.obj_id == item.obj_id)
        step = _MarkerStep(batch.upload_id, is_open, stays_open=marked and number < len(chunks))
        _write(points, changed, step)
        is_open = step.stays_open
    if is_open:  # all was there: the call before died between its last points and the marker
        Upload(*Upload.key_of(batch.upload_id)).delete()


def _write(points: Sequence[Photometry], statistics: Sequence[PhotStat], step: _MarkerStep) -> None:
    def fill(transaction: TransactWrite) -> None:
        step.fill(transaction)
        for point in points:
            transaction.save(point, Photometry.sk.does_not_exist())
        for item in statistics:
            transaction.save(item)

    transactions.write(fill)


def _chunks(rows: Sequence[Measurement]) -> Iterator[list[Measurement]]:
    """Cut rows, sorted by object, so that each piece fits into a transaction with the statistics of its objects."""
    chunk: list[Measurement] = []
    objects: set[str] = set()
    for row in rows:
        if len(chunk) + len(objects | {row.obj_id}) + 1 > _ROOM:
            yield chunk
            chunk, objects = [], set()
        chunk.append(row)
        objects.add(row.obj_id)
    if chunk:
        yield chunk


def _point(batch: Batch, known: Known, row: Measurement) -> Photometry:
    return Photometry(
        *row.key,
        record_id=batch.ids[row.key],
        mjd=row.mjd,
        filter=row.filter,
        flux=row.flux,
        fluxerr=row.fluxerr,
        limiting_mag=row.limiting_mag,
        instrument_id=row.instrument_id,
        instrument_name=batch.instruments[row.instrument_id].name,
        origin=row.origin,
        altdata=row.altdata,
        extinction_corrected=row.extinction_corrected,
        ra=row.ra,
        dec=row.dec,
        ra_unc=row.ra_unc,
        dec_unc=row.dec_unc,
        group_ids=set(known.groups[row.obj_id]),
        owner_id=batch.caller.user_id,
        upload_id=batch.upload_id,
    )
