"""A page that is watched: whatever the console, the policy or a script complains of fails the test."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, expect

from tests.infra.serve import ROOT

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
_FAILED = re.compile(r"Failed to load resource: .* status of (\d+)")
_POLICY = "addEventListener('securitypolicyviolation', e => console.error('POLICY', e.violatedDirective, e.blockedURI))"


@dataclass
class Watched:
    """What a page complained of, but for answers that the test asks for."""

    page: Page
    expected_statuses: set[int] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.add_init_script(_POLICY)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))

    def expect_status(self, *statuses: int) -> None:
        """Say which failures are part of the test: browsers write each into the console."""
        self.expected_statuses |= set(statuses)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        failed = _FAILED.match(message.text)
        if failed and int(failed[1]) in self.expected_statuses:
            return
        self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url')})")


def settled(page: Page) -> None:
    """Wait until one main is there and nothing in the page is still loading."""
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=20_000)


def findings(page: Page) -> list[str]:
    """Return what axe finds against the page, one line each; evaluated past the policy, as only a debugger can."""
    page.evaluate(Path(AXE).read_text())
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['html'][:150]} {node['failureSummary'][:300]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
