"""What a check found, as a table for people and as JUnit XML for machines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from xml.etree import ElementTree as ET  # nosec B405


class Verdict(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "WRONG"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table: what was looked at, what it is, and what to do about it."""

    name: str
    verdict: Verdict
    text: str
    seconds: float = 0.0


def ok(name: str, text: str, seconds: float = 0.0) -> Finding:
    """Report what is as it should be."""
    return Finding(name, Verdict.OK, text, seconds)


def warning(name: str, text: str) -> Finding:
    """Report what works, and will not always."""
    return Finding(name, Verdict.WARNING, text)


def wrong(name: str, text: str) -> Finding:
    """Report what a portal does not take, or loses."""
    return Finding(name, Verdict.WRONG, text)


def skipped(name: str, text: str) -> Finding:
    """Report what could not be looked at, and why."""
    return Finding(name, Verdict.SKIPPED, text)


def table(findings: Iterable[Finding], width: int = 100) -> str:
    """Return the findings as lines of verdict, name and text."""
    return "\n".join(line for finding in findings for line in _lines(finding, width))


def _lines(finding: Finding, width: int) -> list[str]:
    head = f"{finding.verdict:<8} {finding.name:<20} "
    lines, line = [], head
    for word in finding.text.split():
        if len(line) + len(word) > width and line.strip():
            lines.append(line.rstrip())
            line = " " * len(head)
        line += f"{word} "
    return [*lines, line.rstrip()]


def summary(findings: Sequence[Finding]) -> str:
    """Return the sentence below the table."""
    count = {verdict: sum(finding.verdict is verdict for finding in findings) for verdict in Verdict}
    parts = [f"{number} {verdict.lower()}" for verdict, number in count.items() if number]
    return f"{len(findings)} checks: {', '.join(parts)}."


def junit(findings: Sequence[Finding], url: str) -> bytes:
    """Return the findings as JUnit XML: what is wrong is a failure, warnings stand in the output."""
    suite = ET.Element(
        "testsuite",
        name="check-service",
        tests=str(len(findings)),
        failures=str(sum(finding.verdict is Verdict.WRONG for finding in findings)),
        errors="0",
        skipped=str(sum(finding.verdict is Verdict.SKIPPED for finding in findings)),
    )
    for finding in findings:
        case = ET.SubElement(suite, "testcase", classname=url, name=finding.name, time=f"{finding.seconds:.3f}")
        if finding.verdict is Verdict.WRONG:
            ET.SubElement(case, "failure", message=finding.text)
        elif finding.verdict is Verdict.SKIPPED:
            ET.SubElement(case, "skipped", message=finding.text)
        else:
            ET.SubElement(case, "system-out").text = f"{finding.verdict}: {finding.text}"
    return bytes(ET.tostring(suite, encoding="utf-8", xml_declaration=True))
