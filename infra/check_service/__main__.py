"""`make check-service URL=…`: plays the portal for an analysis service and says what is right and what is not."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.check_service.checks import Options, check
from infra.check_service.findings import Finding, Verdict, junit, summary, table
from infra.check_service.portal import Portal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the checks; the status is 1 if something is wrong (or a warning, with --strict)."""
    chosen = _parser().parse_args(arguments)
    parameters = json.loads(chosen.parameters)
    headers = dict(item.split(":", 1) for item in chosen.header)
    options = Options(
        chosen.url, chosen.wait, chosen.settle, parameters, {name: value.strip() for name, value in headers.items()}
    )
    findings: list[Finding] = []
    with Portal(chosen.callback_host) as portal:
        for finding in check(options, portal):
            findings.append(finding)
            print(table([finding]), flush=True)  # noqa: T201 - a command that talks to a person
    print(f"\n{summary(findings)}")  # noqa: T201
    if chosen.junit:
        chosen.junit.parent.mkdir(parents=True, exist_ok=True)
        chosen.junit.write_bytes(junit(findings, chosen.url))
    bad = {Verdict.WRONG, Verdict.WARNING} if chosen.strict else {Verdict.WRONG}
    return int(any(finding.verdict in bad for finding in findings))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.check_service", description=__doc__)
    parser.add_argument("url", help="of the service, as one would register it")
    parser.add_argument("--wait", type=float, default=60.0, help="s in which a result must come (default: %(default)s)")
    parser.add_argument("--settle", type=float, default=3.0, help="s for a second post (default: %(default)s)")
    parser.add_argument("--parameters", default="{}", help="analysis parameters that it needs, a JSON object")
    parser.add_argument("--header", action="append", default=[], metavar="NAME: VALUE", help="credentials")
    parser.add_argument("--callback-host", default="127.0.0.1", help="this machine's name, as the service sees it")
    parser.add_argument("--junit", type=Path, help="file for the findings as JUnit XML")
    parser.add_argument("--strict", action="store_true", help="warnings are wrong, too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
