"""What a site costs on AWS, from the counts of `make bench` in docs/benchmarks.md: `make cost`."""

import re
from dataclasses import dataclass
from pathlib import Path

from infra.alarms import alarms
from infra.package.template import additions

COUNTS = Path(__file__).parents[1] / "docs" / "benchmarks.md"

PRICES_OF = "2025-06-01"
"""Published prices of us-east-1, in dollars, without free tiers. Whoever changes one changes the date."""
WRITE_UNIT, READ_UNIT = 0.625e-6, 0.125e-6  # DynamoDB on demand
GATEWAY_REQUEST = 3.50e-6  # REST API
INVOCATION, GIGABYTE_SECOND = 0.20e-6, 16.6667e-6  # Lambda, x86_64
QUEUE_REQUEST = 0.40e-6  # SQS
PUT, GET = 5e-6, 0.4e-6  # S3
LOG_BYTE = 0.50 / 1e9
STORED_MONTH = 0.023 / 1e9  # S3, a byte and month
TABLE_MONTH = (0.25 + 0.20) / 1e9  # DynamoDB with point-in-time recovery
DASHBOARD_MONTH = 3.00
KEY_MONTH, SECRET_MONTH, ALARM_METRIC_MONTH, METRIC_MONTH = 1.00, 0.40, 0.10, 0.30

READS_OF_A_PERSON = 3
"""Of each analysis: its record, its results, a plot."""
MONTH_SECONDS = 30 * 86400
POLLERS, POLL_SECONDS = 5, 20
"""How Lambda waits at a queue: five long polls at once."""

_ROW = re.compile(
    r"^\| (?P<name>[a-z ]+) \| (?P<calls>\d+) calls, (?P<reads>[\d.]+) RCU, (?P<writes>[\d.]+) WCU", re.MULTILINE
)


@dataclass(frozen=True)
class Step:
    """One function of the way of an analysis: how long it runs, how much memory it has, what it does in S3 and SQS."""

    operation: str
    seconds: float
    gigabytes: float
    puts: int = 0
    gets: int = 0
    queue_requests: int = 0
    gateway: int = 0
    times: int = 1


WAY = (
    Step("start", 0.15, 1.0, queue_requests=1, gateway=1),
    Step("dispatch", 1.0, 0.5, puts=1, queue_requests=2),
    Step("webhook", 0.15, 1.0, puts=1, queue_requests=1, gateway=1),
    Step("collect", 3.5, 0.5, puts=1, queue_requests=2),
    Step("read an analysis", 0.1, 1.0, gateway=1),
    Step("its results", 0.1, 1.0, gets=1, gateway=1, times=READS_OF_A_PERSON - 1),
)
PRODUCTS_SECONDS, PRODUCTS_GIGABYTES, PRODUCTS_PUTS = 3.0, 2.0, 3
LOG_BYTES_OF_AN_ANALYSIS, STORED_BYTES, TABLE_BYTES = 6_000, 2_000_000, 6_000


def counts() -> dict[str, tuple[float, float]]:
    """Return read and write units by operation, of the first table of docs/benchmarks.md at its smallest size."""
    found: dict[str, tuple[float, float]] = {}
    for row in _ROW.finditer(COUNTS.read_text()):
        found.setdefault(row["name"], (float(row["reads"]), float(row["writes"])))
    return found


def of_an_analysis() -> dict[str, float]:
    """Return dollars for one analysis, item by item; storage for a month."""
    units = counts()
    steps = [step for step in WAY for _ in range(step.times)]
    seconds = sum(step.seconds * step.gigabytes for step in steps) + PRODUCTS_SECONDS * PRODUCTS_GIGABYTES
    return {
        "DynamoDB, writing": WRITE_UNIT * sum(units[step.operation][1] for step in steps),
        "DynamoDB, reading": READ_UNIT * sum(units[step.operation][0] for step in steps),
        "Lambda": GIGABYTE_SECOND * seconds + INVOCATION * (len(steps) + 1),
        "API Gateway": GATEWAY_REQUEST * sum(step.gateway for step in steps),
        "S3, requests": PUT * (sum(step.puts for step in steps) + PRODUCTS_PUTS)
        + GET * sum(step.gets for step in steps),
        "SQS": QUEUE_REQUEST * sum(step.queue_requests for step in steps),
        "logs and metrics": LOG_BYTE * LOG_BYTES_OF_AN_ANALYSIS,
        "storage, a month": STORED_MONTH * STORED_BYTES + TABLE_MONTH * TABLE_BYTES,
    }


def of_an_idle_month() -> dict[str, float]:
    """Return dollars for a month in which nothing is analysed, item by item."""
    resources = additions()["Resources"]
    kinds = [each.get("Type") for each in resources.values()]
    consumed = sum("RedrivePolicy" in each.get("Properties", {}) for each in resources.values())
    functions = 3 + consumed + 1
    watched = sum(
        max(1, len([m for m in each["Properties"].get("Metrics", []) if "MetricStat" in m]))
        for each in _alarms(resources)
    )
    polls = consumed * POLLERS * MONTH_SECONDS / POLL_SECONDS
    ticks = MONTH_SECONDS / 60
    return {
        "alarms": ALARM_METRIC_MONTH * (watched + max(0, functions - 2)),
        "dashboard": DASHBOARD_MONTH,
        "key and secrets": KEY_MONTH + SECRET_MONTH * kinds.count("AWS::SecretsManager::Secret"),
        "SQS, waiting": QUEUE_REQUEST * (polls + ticks * consumed),  # their dead letters are asked for once a minute
        "the clock": ticks * (INVOCATION + GIGABYTE_SECOND * 0.5 * 0.3 + READ_UNIT * 0.5 * 16),
    }


def _alarms(resources: dict[str, dict[str, object]]) -> list[dict[str, dict[str, list[object]]]]:
    typed = {name: each for name, each in resources.items() if "Type" in each}
    return list(alarms(typed).values())


def rows() -> list[str]:
    """Return the table, as it stands in docs/scaling.md."""
    thousand, idle = of_an_analysis(), of_an_idle_month()
    return [
        "| item | dollars |",
        "|---|---|",
        *(f"| {name} | {1000 * dollars:.3f} |" for name, dollars in thousand.items()),
        f"| **per thousand analyses** | **{1000 * sum(thousand.values()):.2f}** |",
        *(f"| {name} | {dollars:.2f} |" for name, dollars in idle.items()),
        f"| **per idle month** | **{sum(idle.values()):.2f}** |",
        "",
        f"Prices of us-east-1 as of {PRICES_OF}, without free tiers.",
    ]


if __name__ == "__main__":
    print("\n".join(rows()))
