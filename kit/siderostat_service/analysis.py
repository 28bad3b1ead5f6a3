"""The decorator: `@analysis(parameters=…)` on a function that takes a Source and returns a Result."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, overload

from siderostat_service import parameters as given_parameters
from siderostat_service.failures import CannotAnalyse, Document, failure
from siderostat_service.result import Result
from siderostat_service.source import Source

if TYPE_CHECKING:
    from starlette.applications import Starlette

Function = Callable[[Source], Result]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Analysis:
    """A function with all that makes it a service; call it as the function that it is.

    Parameters
    ----------
    function : callable
        Takes a Source and returns a Result; what it raises becomes a failure with that sentence.
    parameters : mapping
        As declared in `optional_analysis_parameters`.
    inputs : tuple of str
        What it is sent: photometry, spectra, redshift, annotations, comments, classifications.
    analysis_type : str
        lightcurve_fitting, spectrum_fitting or meta_analysis.
    workers : int
        How many runs are under way at once, each in a process of its own.
    waiting : int
        How many may wait; a further one is answered 503.
    time_limit : float
        Seconds after which a run is ended and reported as a failure.
    """

    function: Function
    parameters: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[str, ...] = ("photometry", "redshift")
    analysis_type: str = "lightcurve_fitting"
    workers: int = 1
    waiting: int = 32
    time_limit: float = 600.0

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.__name__

    def __call__(self, source: Source) -> Result:
        """Call the function as if it were not decorated."""
        return self.function(source)

    def run(self, document: Document) -> Document:
        """Analyse what a sender posted and return what goes back; whatever goes wrong becomes a failure."""
        try:
            inputs = document["inputs"]
            chosen = given_parameters.read(self.parameters, inputs.get("analysis_parameters") or {})
            result = self.function(Source(str(document.get("resource_id", "")), inputs, chosen))
            if not isinstance(result, Result):
                return failure(f"{self.name} must return a Result, and returned {type(result).__name__}.")
            return result.document()
        except CannotAnalyse as error:
            return failure(str(error))
        except Exception as error:  # the sender must hear of it, whatever it is
            logger.exception("%s failed", self.name)
            return failure(f"{self.name} failed ({type(error).__name__}: {error}).")

    def registration(self, url: str) -> Document:
        """Return the body of POST /api/analysis_service that registers this service."""
        return {
            "name": self.name,
            "description": (self.function.__doc__ or "").strip().partition("\n")[0],
            "url": url,
            "authentication_type": "none",
            "analysis_type": self.analysis_type,
            "input_data_types": list(self.inputs),
            "optional_analysis_parameters": dict(self.parameters),
            "timeout": max(60, round(2 * self.time_limit)),
        }

    @property
    def app(self) -> "Starlette":
        """The service as an ASGI application, for `uvicorn module:name.app` or any other server."""
        from siderostat_service.http import application  # noqa: PLC0415 - neither Lambda nor a script needs it

        return application(self)

    def lambda_handler(self, event: Mapping[str, Any], context: Any) -> Document:  # noqa: ANN401 - Lambda's own
        """Be an AWS Lambda function behind a function URL."""
        from siderostat_service.aws_lambda import handle  # noqa: PLC0415 - only there

        return handle(self, event, context)

    def main(self, arguments: list[str] | None = None) -> None:
        """Be a command line: `serve`, `run FILE.csv`, `describe`."""
        from siderostat_service.command import main  # noqa: PLC0415 - only there

        raise SystemExit(main(self, arguments))


@overload
def analysis(function: Function, /) -> Analysis: ...


@overload
def analysis(
    *,
    parameters: Mapping[str, Any] = ...,
    inputs: Iterable[str] = ...,
    analysis_type: str = ...,
    workers: int = ...,
    waiting: int = ...,
    time_limit: float = ...,
) -> Callable[[Function], Analysis]: ...


def analysis(function: Function | None = None, /, **facts: Any) -> Analysis | Callable[[Function], Analysis]:
    """Make an Analysis of a function: `@analysis`, or `@analysis(parameters=…)` with any field of Analysis."""
    if "inputs" in facts:
        facts["inputs"] = tuple(facts["inputs"])
    if function is not None:
        return Analysis(function)
    return lambda wrapped: Analysis(wrapped, **facts)
