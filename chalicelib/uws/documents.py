"""Jobs as XML: the elements of UWS 1.1 in the order of its schema."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape

from chalicelib.uws.job import Job, Result

CONTENT_TYPE = "text/xml; charset=utf-8"

_NAMESPACES = (
    'xmlns:uws="http://www.ivoa.net/xml/UWS/v1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
"""Version 1.1 has the namespace of 1.0."""
_VERSION = 'version="1.1"'
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold, even escaped."""


def job_document(job: Job) -> bytes:
    """Return the whole of a job."""
    parts = [
        _element("jobId", str(job.id)),
        _element("runId", job.run_name) if job.run_name is not None else "",
        _element("ownerId", job.owner),
        _element("phase", job.phase.value),
        _or_nil("quote", None),
        _element("creationTime", iso(job.created)),
        _or_nil("startTime", job.started),
        _or_nil("endTime", job.ended),
        _element("executionDuration", str(job.seconds)),
        _or_nil("destruction", job.destruction),
        _parameters(job.parameters),
        _results(job.results),
        _error(job),
    ]
    return _document(f"<uws:job {_NAMESPACES} {_VERSION}>{''.join(parts)}</uws:job>")


def jobs_document(jobs: Iterable[tuple[Job, str]]) -> bytes:
    """Return a list of jobs, each with its address."""
    return _document(f"<uws:jobs {_NAMESPACES} {_VERSION}>{''.join(_reference(*one) for one in jobs)}</uws:jobs>")


def parameters_document(parameters: Mapping[str, str]) -> bytes:
    """Return the parameters of a job."""
    return _document(_parameters(parameters, f" {_NAMESPACES}"))


def results_document(results: Iterable[Result]) -> bytes:
    """Return the results of a job."""
    return _document(_results(results, f" {_NAMESPACES}"))


def iso(moment: datetime) -> str:
    """Return a time as UWS 1.1 demands it: UTC, and saying so."""
    return f"{moment.isoformat(timespec='milliseconds')}Z"


def _document(content: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{content}\n'.encode()


def _reference(job: Job, href: str) -> str:
    return (
        f'<uws:jobref id="{job.id}" xlink:type="simple" xlink:href="{_text(href)}">'
        + _element("phase", job.phase.value)
        + (_element("runId", job.run_name) if job.run_name is not None else "")
        + _element("ownerId", job.owner)
        + _element("creationTime", iso(job.created))
        + "</uws:jobref>"
    )


def _parameters(parameters: Mapping[str, str], namespaces: str = "") -> str:
    inside = "".join(
        f'<uws:parameter id="{_text(name)}">{_text(value)}</uws:parameter>' for name, value in parameters.items()
    )
    return f"<uws:parameters{namespaces}>{inside}</uws:parameters>"


def _results(results: Iterable[Result], namespaces: str = "") -> str:
    return f"<uws:results{namespaces}>{''.join(map(_result, results))}</uws:results>"


def _result(result: Result) -> str:
    size = "" if result.size is None else f' size="{result.size}"'
    kind = "" if result.media_type is None else f' mime-type="{_text(result.media_type)}"'
    href = _text(result.href)
    return f'<uws:result id="{_text(result.id)}" xlink:type="simple" xlink:href="{href}"{size}{kind}/>'


def _error(job: Job) -> str:
    if job.error is None:
        return ""
    kind = "transient" if job.is_transient else "fatal"
    message = _element("message", job.error)
    return f'<uws:errorSummary type="{kind}" hasDetail="true">{message}</uws:errorSummary>'


def _or_nil(name: str, moment: datetime | None) -> str:
    return f'<uws:{name} xsi:nil="true"/>' if moment is None else _element(name, iso(moment))


def _element(name: str, text: str) -> str:
    return f"<uws:{name}>{_text(text)}</uws:{name}>"


def _text(value: str) -> str:
    return escape(_NO_XML.sub("\ufffd", value))
