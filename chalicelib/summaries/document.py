"""What the summarizer accepts: the document that an analysis service gets, section 4.1 of the wire contract."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from chalicelib.accounts.language_model import MAX_KEY_CHARACTERS, ModelParameters
from chalicelib.http.moments import Moment
from chalicelib.http.parsing import Body, ObjectName
from chalicelib.outgoing.addresses import problem_with
from chalicelib.settings import settings


def _checked_address(url: str) -> str:
    problem = problem_with(url, settings().allowed_hosts)
    if problem is not None:
        raise ValueError(problem)
    return url


def _checked_key(key: SecretStr) -> SecretStr | None:
    text = key.get_secret_value().strip()
    if len(text) > MAX_KEY_CHARACTERS or not (text.isascii() and text.isprintable()):
        raise ValueError(f"This is not an API key: it must be at most {MAX_KEY_CHARACTERS} printable characters.")
    return SecretStr(text) if text else None


def _empty_if_null(value: Any) -> Any:  # noqa: ANN401 - unchecked yet
    return {} if value is None else value


Key = Annotated[SecretStr, AfterValidator(_checked_key)]
Csv = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]


class Parameters(Body):
    """What is added for summary services when an analysis is sent."""

    openai_api_key: Key | None = None
    summary_parameters: Annotated[ModelParameters, BeforeValidator(_empty_if_null)] = ModelParameters()


class Inputs(Body):
    """The data of the source, each kind as CSV; other kinds are not read."""

    analysis_parameters: Annotated[Parameters, BeforeValidator(_empty_if_null)] = Parameters()
    redshift: Csv = ""
    classifications: Csv = ""
    comments: Csv = ""
    annotations: Csv = ""


class Document(Body):
    """What is posted to the summarizer."""

    callback_url: Annotated[str, AfterValidator(_checked_address)]
    """Held to the same rules as the URL of a service: the summarizer posts there whatever anyone asks it to."""
    inputs: Inputs
    invalid_after: Moment | None = None
    resource_id: ObjectName = Field(default="", max_length=500)
