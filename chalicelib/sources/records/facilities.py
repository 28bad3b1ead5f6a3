"""Telescopes and their instruments: read by everybody, remembered in the process."""

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field
from pynamodb.transactions import TransactWrite

from chalicelib import clock, transactions
from chalicelib.http.errors import BadRequest, Forbidden
from chalicelib.http.parsing import Body, Id, WithoutBlanks
from chalicelib.memory import Remembered
from chalicelib.registry import NameLock, next_number
from chalicelib.sources.items.instrument import Instrument
from chalicelib.sources.items.numbered import Numbered
from chalicelib.sources.items.telescope import Telescope
from chalicelib.sources.numbers import MaybeReal
from chalicelib.sources.source.body import SmallObject, Text

ItemT = TypeVar("ItemT", bound=Numbered)

Name = Annotated[str, Field(min_length=1, max_length=100)]

_SHORT_COLUMNS = ("type", "band", "api_classname", "api_classname_obsplan", "listener_classname")

_instruments: Remembered[Instrument] = Remembered(300.0)


class TelescopePost(Body):
    """A telescope; degrees and metres."""

    name: Name
    nickname: Text = None
    diameter: MaybeReal = None
    lat: MaybeReal = None
    lon: MaybeReal = None
    elevation: MaybeReal = None
    skycam_link: Text = None
    weather_link: Text = None
    robotic: bool = False
    fixed_location: bool = True


class InstrumentPost(Body):
    """An instrument and the filters that it has."""

    name: Name
    type: Literal["imager", "spectrograph", "imaging spectrograph"] = "imager"
    telescope_id: Id
    band: Text = None
    filters: Annotated[tuple[Name, ...], WithoutBlanks, Field(max_length=500)] = ()
    sensitivity_data: SmallObject = None
    configuration_data: SmallObject = None
    api_classname: Text = None
    api_classname_obsplan: Text = None
    listener_classname: Text = None
    treasuremap_id: int | None = None
    tns_id: int | None = None
    region: Annotated[str | None, Field(max_length=50_000)] = None


def add_telescope(post: TelescopePost) -> int:
    """Store a telescope and return its number; its nickname is its name unless another is given."""
    number = next_number(Telescope.KIND)
    columns = {**post.model_dump(exclude={"name"}), "nickname": post.nickname or post.name}
    Telescope(*Telescope.key(number), name=post.name, columns=columns).save()
    return number


def add_instrument(post: InstrumentPost) -> int:
    """Store an instrument and return its number.

    Raises
    ------
    BadRequest
        There is no such telescope, or it has an instrument of this name.
    """
    telescope = Telescope.find(post.telescope_id)
    if telescope is None:
        raise BadRequest(f"Invalid telescope_id: there is no telescope {post.telescope_id}.")
    number = next_number(Instrument.KIND)
    instrument = Instrument(
        *Instrument.key(number),
        name=post.name,
        telescope_id=post.telescope_id,
        telescope_name=telescope.name,
        filters=list(dict.fromkeys(post.filters)),
        columns=post.model_dump(exclude={"name", "telescope_id", "filters"}),
    )
    lock = NameLock(_lock_key(instrument), owner_id=number)

    def fill(transaction: TransactWrite) -> None:
        transaction.save(lock, NameLock.pk.does_not_exist())
        transaction.save(instrument)

    if not transactions.holds(lambda: transactions.write(fill)):
        raise BadRequest(f"Telescope {post.telescope_id} has an instrument named {post.name!r} already.")
    return number


def telescopes(name: str | None) -> list[dict[str, Any]]:
    """Return the telescopes, or those of one name."""
    found = Telescope.all()
    return [telescope_record(telescope) for telescope in found if name in (None, telescope.name)]


def instruments(name: str | None) -> list[dict[str, Any]]:
    """Return the instruments, or those of one name, with their telescopes."""
    by_number = {telescope.id: telescope for telescope in Telescope.all()}
    return [
        instrument_record(instrument, by_number.get(instrument.telescope_id))
        for instrument in Instrument.all()
        if name in (None, instrument.name)
    ]


def telescope(telescope_id: int) -> dict[str, Any]:
    """Return one telescope; raise BadRequest if there is none."""
    return telescope_record(_existing(Telescope, telescope_id))


def instrument(instrument_id: int) -> dict[str, Any]:
    """Return one instrument with its telescope; raise BadRequest if there is none."""
    item = _existing(Instrument, instrument_id)
    return instrument_record(item, Telescope.find(item.telescope_id))


def known_instruments(ids: Collection[int]) -> Mapping[int, Instrument]:
    """Return instruments by number, from memory where possible.

    Raises
    ------
    BadRequest
        Naming those that do not exist.
    """
    found = _existing_instruments(ids)
    if unknown := sorted(set(ids) - set(found)):
        raise BadRequest(f"Invalid instrument_id: there is no instrument {', '.join(map(str, unknown))}.")
    return found


def _existing_instruments(ids: Iterable[int]) -> Mapping[int, Instrument]:
    remembered = {number: _instruments.get(number) for number in set(ids)}
    missing = [Instrument.key(number) for number, item in remembered.items() if item is None]
    read = {item.id: item for item in Instrument.batch_get(missing)} if missing else {}
    for number, item in read.items():
        _instruments.put(number, item)
    return {number: item for number, item in {**remembered, **read}.items() if item is not None}


def short_instruments(ids: Iterable[int]) -> Mapping[int, dict[str, Any]]:
    """Return instruments as spectra show them, by number: without what may be large, and without their telescopes."""
    return {number: _short(item) for number, item in _existing_instruments(ids).items()}


def _short(item: Instrument) -> dict[str, Any]:
    columns = {name: item.columns.get(name) for name in _SHORT_COLUMNS}
    facts = {"id": item.id, "name": item.name, "telescope_id": item.telescope_id, "filters": item.filters}
    return {**facts, **columns, **_times(item)}


def remove_telescope(telescope_id: int) -> None:
    """Delete a telescope that has no instrument.

    Raises
    ------
    Forbidden
        It has one.
    """
    item = _existing(Telescope, telescope_id)
    if any(other.telescope_id == telescope_id for other in Instrument.all()):
        raise Forbidden(f"Telescope {telescope_id} has instruments; delete them first.")
    item.delete()


def remove_instrument(instrument_id: int) -> None:
    """Delete an instrument; photometry and spectra taken with it keep its name."""
    item = _existing(Instrument, instrument_id)

    def fill(transaction: TransactWrite) -> None:
        transaction.delete(item)
        transaction.delete(NameLock(_lock_key(item), "lock"))

    transactions.write(fill)
    _instruments.clear()


def telescope_record(item: Telescope) -> dict[str, Any]:
    """Return a telescope as JSON."""
    return {"id": item.id, "name": item.name, **item.columns, **_times(item)}


def instrument_record(item: Instrument, at: Telescope | None) -> dict[str, Any]:
    """Return an instrument as JSON, with its telescope."""
    return {
        "id": item.id,
        "name": item.name,
        "telescope_id": item.telescope_id,
        "telescope": None if at is None else telescope_record(at),
        "filters": item.filters,
        **item.columns,
        **_times(item),
    }


def _times(item: Telescope | Instrument) -> dict[str, str]:
    return {"created_at": clock.iso(item.created_at), "modified": clock.iso(item.modified)}


def _lock_key(item: Instrument) -> str:
    return NameLock.key(Instrument.KIND, f"{item.telescope_id}#{item.name}")


def _existing(kind: type[ItemT], number: int) -> ItemT:
    item = kind.find(number)
    if item is None:
        raise BadRequest(f"There is no {kind.KIND} {number}.")
    return item
