"""JSON schemas of the types that the API reads and writes, each model once."""

from collections.abc import Iterable
from typing import Any, get_type_hints

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from chalicelib.http.endpoint import Facts, Route, parameters_of
from chalicelib.http.envelope import Reply
from chalicelib.http.record import Nothing

Schema = dict[str, Any]

_REFERENCE = "#/components/schemas/{model}"


class _WithoutTitles(GenerateJsonSchema):
    """Fields are not named twice."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - pydantic's signature
        return False


class Schemas:
    """The schemas of these types, which name the models in them by reference."""

    def __init__(self, types: Iterable[Any]) -> None:
        wanted: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
            (repr(kind), "validation", TypeAdapter(kind)) for kind in dict.fromkeys(types)
        ]
        found, definitions = TypeAdapter.json_schemas(wanted, ref_template=_REFERENCE, schema_generator=_WithoutTitles)
        self._schemas = {name: schema for (name, _), schema in found.items()}
        self.components: dict[str, Schema] = dict(sorted(definitions.get("$defs", {}).items()))

    def of(self, kind: Any) -> Schema:  # noqa: ANN401 - a type, or a form such as list[int]
        """Return the schema of one of the types."""
        return self._schemas[repr(kind)]


def body_of(route: Route) -> type[BaseModel] | None:
    """Return the model of the body that an endpoint reads."""
    return route.facts.get("body") or parameters_of(route.view).get("body")


def answer_of(route: Route) -> Any:  # noqa: ANN401 - a type, or a `Content`
    """Return the type of what an endpoint answers."""
    facts: Facts = route.facts
    return facts["answers"]() if "answers" in facts else _returned(route)


def _returned(route: Route) -> Any:  # noqa: ANN401 - a type
    returned = get_type_hints(route.view).get("return", Any)
    return {Reply: Any, type(None): Nothing}.get(returned, returned)
