"""The document that a service posted or uploaded, read as a stream: only the members that are wanted are held."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import ijson
from ijson.common import ObjectBuilder

from chalicelib.products.errors import Unreadable
from chalicelib.products.long_texts import LongTexts
from chalicelib.products.scratch import FilePart
from chalicelib.products.unpacking import unpacked

MAX_DOCUMENT = 300_000_000
"""Bytes, as it was uploaded."""

MAX_VALUES = 5_000_000
"""Numbers, texts and so on that are held in memory of one member."""

MAX_EVENTS = 60_000_000
"""Of the whole document, most of it skipped: some ten seconds."""

MAX_DEPTH = 200

Event = tuple[str, Any]

_STARTS = frozenset({"start_map", "start_array"})
_ENDS = frozenset({"end_map", "end_array"})
_TEXTS = frozenset({"string", "map_key"})
_INVALID = (ijson.JSONError, UnicodeDecodeError)


@dataclass(frozen=True)
class Document(Mapping[str, object]):
    """The wanted members of a document; texts that are too long for memory are parts of files.

    Asking for a member that is larger than can be held raises `Unreadable`.
    """

    members: Mapping[str, object]
    problems: Mapping[str, str] = field(default_factory=dict)
    present: tuple[str, ...] = ()
    """All members that are there and not null, wanted or not."""
    digest: str = ""
    """SHA-256 of the whole document, unpacked."""

    def __getitem__(self, name: str) -> object:
        if name in self.problems:
            raise Unreadable(self.problems[name])
        return self.members[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self.members, **self.problems})

    def __len__(self) -> int:
        return len({**self.members, **self.problems})


def read_document(content: FilePart, wanted: Collection[str], member: str | None = None) -> Document:
    """Read the wanted members of a document; bare NaN and infinities are accepted and read as null.

    Parameters
    ----------
    content : FilePart
        JSON, plain or gzip-compressed.
    wanted : collection of str
        Names of members.
    member : str, optional
        Which member of the document is meant, if not all of it: an object, or the JSON text of one. One that is
        missing or something else is empty.

    Raises
    ------
    Unreadable
        It is larger than 400 MB unpacked, not JSON, not an object, or holds too many values.
    """
    digest = hashlib.sha256()
    texts = LongTexts(unpacked(content, digest))
    events = _events(texts)
    _begin(events)
    found = _rest(events, texts, wanted) if member is None else _inner(events, texts, wanted, member)
    for _ in events:  # what follows the object must be nothing
        pass
    return replace(found, digest=digest.hexdigest())


def read_value(pieces: Iterator[bytes]) -> object:
    """Read any JSON value, of a bounded number of values; raises Unreadable as `read_document` does."""
    texts = LongTexts(pieces)
    events = _events(texts)
    kind, value = next(events)
    try:
        found = _value(events, texts, kind, value)
    except _TooMuch as error:
        raise TooLarge(str(error)) from None
    for _ in events:
        pass
    return found


def _inner(events: Iterator[Event], texts: LongTexts, wanted: Collection[str], member: str) -> Document:
    """Read one member of the document, in which the wanted ones are; of several of the name the last counts."""
    found = Document({})
    for key in _keys(events):
        texts.is_wanted = key == member
        kind, value = next(events)
        if key != member:
            _skip(events, kind)
        elif kind == "start_map":
            found = _rest(events, texts, wanted)
        elif kind == "string":
            found = _of_text(texts.value(value), wanted)
        else:
            _skip(events, kind)
            found = Document({})
    return found


def _of_text(text: str | int | FilePart, wanted: Collection[str]) -> Document:
    """Read an object that came as JSON text within the document; anything else is empty."""
    pieces = text.pieces() if isinstance(text, FilePart) else iter([str(text).encode("utf-8", "replace")])
    texts = LongTexts(pieces)
    events = _events(texts)
    try:
        _begin(events)
        return _rest(events, texts, wanted)
    except Unreadable:
        return Document({})


def _begin(events: Iterator[Event]) -> None:
    """Take the beginning of an object."""
    if next(events, ("", None))[0] != "start_map":
        for _ in events:  # what is no JSON at all is said first
            pass
        raise Unreadable("The document is not a JSON object.")


def _rest(events: Iterator[Event], texts: LongTexts, wanted: Collection[str]) -> Document:
    """Read the members of an object that has begun; of members of the same name the last counts."""
    members: dict[str, object] = {}
    problems: dict[str, str] = {}
    present: dict[str, bool] = {}
    for key in _keys(events):
        texts.is_wanted = key in wanted
        kind, value = next(events)
        present[key] = kind != "null"
        if key not in wanted:
            _skip(events, kind)
            continue
        members.pop(key, None)
        problems.pop(key, None)
        try:
            members[key] = _value(events, texts, kind, value)
        except _TooMuch as error:
            problems[key] = str(error)
    return Document(members, problems, tuple(key for key, is_there in present.items() if is_there))


def _keys(events: Iterator[Event]) -> Iterator[str]:
    """Yield the keys of an object up to its end; whoever takes one also takes its value."""
    for kind, key in events:
        if kind == "end_map":
            return
        yield key


def _skip(events: Iterator[Event], kind: str) -> None:
    """Pass over the rest of a value that began with `kind`."""
    depth = int(kind in _STARTS)
    while depth:
        kind, _ = next(events)
        depth += (kind in _STARTS) - (kind in _ENDS)


def _value(events: Iterator[Event], texts: LongTexts, kind: str, value: Any) -> object:  # noqa: ANN401 - JSON
    builder, depth, count = ObjectBuilder(), 0, 0
    while True:
        depth += (kind in _STARTS) - (kind in _ENDS)
        count += 1
        if count > MAX_VALUES:
            while depth:
                kind, _ = next(events)
                depth += (kind in _STARTS) - (kind in _ENDS)
            raise _TooMuch(f"It holds more than {MAX_VALUES / 1e6:g} million values as JSON; send a binary format.")
        builder.event(kind, texts.value(value) if kind in _TEXTS else value)
        if not depth:
            built: object = builder.value
            return built
        kind, value = next(events)


def _events(texts: LongTexts) -> Iterator[Event]:
    """Yield what ijson finds, within limits; one that ends too early raises Unreadable, so that `next` need not."""
    depth = 0
    try:
        for count, (kind, value) in enumerate(ijson.basic_parse(texts, use_float=True)):
            if kind in _STARTS:
                depth += 1
                if depth > MAX_DEPTH:
                    raise TooLarge("The document is nested too deeply.")
            elif kind in _ENDS:
                depth -= 1
            if count > MAX_EVENTS:
                raise TooLarge(f"The document holds more than {MAX_EVENTS // 1_000_000} million values.")
            yield kind, value
    except _INVALID as error:
        reason = str(error).removeprefix("b'").partition("\n")[0].partition("\\n")[0].strip()
        raise Unreadable(f"The document is not valid JSON: {reason}.") from error


class TooLarge(Unreadable):
    """It may be JSON, but has more values or is nested deeper than can be read."""


class _TooMuch(Exception):
    """A member holds more than can be held in memory."""
