"""What the records of well-known classes mean: each is read as the plain value that it would have become.

Every reader raises one of `DAMAGE` for a record that does not look as its class writes it; the record is then shown as
it is.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation

from chalicelib.products.budget import Budget
from chalicelib.products.errors import Damaged
from chalicelib.products.joblib.inert_bytes import BYTES_RECORDS, bytes_of
from chalicelib.products.joblib.inert_values import Call, Pairs
from chalicelib.products.joblib.numpy_records import (
    data_type,
    frombuffer,
    masked_array,
    masked_constant,
    reconstruct,
    scalar,
)

DAMAGE = (ValueError, TypeError, IndexError, KeyError, OverflowError, InvalidOperation)

Reader = Callable[[Call, Budget], object]

_MAX_DECIMAL = 1000


def _dict(call: Call, _: Budget) -> object:
    """Read a dict, from its constructor's argument and from what was put into it later."""
    first = call.arguments[0] if call.arguments else None
    if first is None or isinstance(first, Pairs):
        return Pairs([*(first.pairs if first else ()), *call.pairs])
    if not isinstance(first, Sequence):
        raise Damaged("not the argument of a dict")
    return Pairs([*(_pair(item) for item in first), *call.pairs])


def _pair(item: object) -> tuple[object, object]:
    if not isinstance(item, list | tuple):
        raise Damaged("not a pair")
    key, value = item
    return key, value


def _defaultdict(call: Call, _: Budget) -> object:
    return Pairs(call.pairs)


def _sequence(call: Call, _: Budget) -> object:
    """Read a list, tuple, set or deque: the first argument and what was appended."""
    first = call.arguments[0] if call.arguments else ()
    if not isinstance(first, list | tuple):
        raise Damaged("not the argument of a sequence")
    return [*first, *call.items]


def _bytes(call: Call, _: Budget) -> object:
    return bytes_of(call)


def _complex(call: Call, _: Budget) -> object:
    real, imaginary = (_float(argument) for argument in call.arguments)
    return complex(real, imaginary)


def _float(value: object) -> float:
    if not isinstance(value, int | float):
        raise Damaged("not a number")
    return float(value)


def _decimal(call: Call, _: Budget) -> object:
    (text,) = call.arguments
    if not isinstance(text, str) or len(text) > _MAX_DECIMAL:
        raise Damaged("not a decimal number")
    return float(Decimal(text))


def _timedelta(call: Call, _: Budget) -> object:
    return _timedelta_of(call).total_seconds()


def _timedelta_of(value: object) -> timedelta:
    if not isinstance(value, Call) or value.key != ("datetime", "timedelta"):
        raise Damaged("not a duration")
    days, seconds, microseconds = (_float(argument) for argument in value.arguments)
    return timedelta(days, seconds, microseconds)


def _datetime(call: Call, _: Budget) -> object:
    """Read the ten bytes of a datetime: year (two), month, day, hour, minute, second, microsecond (three)."""
    stamp = _stamp(call, 10)
    day, clock = stamp[:4], stamp[4:]
    return datetime.combine(_date_of(day), _time_of(clock), _zone(call.arguments[1:])).isoformat()


def _date(call: Call, _: Budget) -> object:
    return _date_of(_stamp(call, 4)).isoformat()


def _time(call: Call, _: Budget) -> object:
    return _time_of(_stamp(call, 6)).isoformat()


def _stamp(call: Call, length: int) -> bytes:
    stamp = bytes_of(call.arguments[0])
    if len(stamp) != length:  # any number of zeros could stand before the microseconds
        raise Damaged("not the bytes of a time")
    return stamp


def _date_of(stamp: bytes) -> date:
    high, low, month, day = stamp
    return date(high * 256 + low, month & 0x7F, day)  # the high bit of the month is the fold


def _time_of(stamp: bytes) -> time:
    hour, minute, second, *microsecond = stamp
    return time(hour & 0x7F, minute, second, int.from_bytes(bytes(microsecond), "big"))


def _zone(arguments: tuple[object, ...]) -> tzinfo | None:
    match arguments:
        case ():
            return None
        case (Call(arguments=(offset, *_)) as zone,) if zone.key == ("datetime", "timezone"):
            shift = _timedelta_of(offset)
            return timezone(shift) if shift else UTC
    raise Damaged("not a time zone of the standard library")


READERS: dict[tuple[str, str], Reader] = {
    ("builtins", "dict"): _dict,
    ("collections", "OrderedDict"): _dict,
    ("collections", "Counter"): _dict,
    ("sncosmo.utils", "Result"): _dict,
    ("scipy.optimize._optimize", "OptimizeResult"): _dict,
    ("scipy.optimize.optimize", "OptimizeResult"): _dict,
    ("collections", "defaultdict"): _defaultdict,
    **{("builtins", name): _sequence for name in ("list", "tuple", "set", "frozenset")},
    ("collections", "deque"): _sequence,
    **dict.fromkeys(BYTES_RECORDS, _bytes),
    ("builtins", "complex"): _complex,
    ("decimal", "Decimal"): _decimal,
    ("datetime", "datetime"): _datetime,
    ("datetime", "date"): _date,
    ("datetime", "time"): _time,
    ("datetime", "timedelta"): _timedelta,
    **{
        (f"numpy.{core}.{module}", name): reader
        for core in ("core", "_core")
        for module, name, reader in (
            ("multiarray", "_reconstruct", reconstruct),
            ("multiarray", "scalar", scalar),
            ("numeric", "_frombuffer", frombuffer),
        )
    },
    ("numpy", "dtype"): data_type,
    **{(module, "_mareconstruct"): masked_array for module in ("numpy.ma.core", "numpy.ma")},
    **{(module, "MaskedConstant"): masked_constant for module in ("numpy.ma.core", "numpy.ma")},
    ("numpy.ma.mrecords", "_mrreconstruct"): masked_array,
}
