"""One dashboard: what comes in, what waits, what ends how, and what is refused."""

import json
from typing import Any

from chalicelib.metrics.names import NAMESPACE
from infra.package.functions import names, short_name

_WIDTH = 12
_HEIGHT = 6
_MINUTE = 60

Metric = list[Any]


def dashboard(resources: dict[str, Any]) -> dict[str, Any]:
    """Return the dashboard of a stack with these resources."""
    functions = [f"${{Prefix}}-{short_name(name)}" for name in names(resources)]
    queues = sorted(
        each["Properties"]["QueueName"]["Fn::Sub"] for each in resources.values() if each["Type"] == "AWS::SQS::Queue"
    )
    working = [name for name in queues if not name.endswith("-dead")]
    dead = [name for name in queues if name.endswith("-dead")]
    graphs = [
        ("Analyses", "Sum", [_ours(name) for name in ("Accepted", "Dispatched", "Retried", "Ended")]),
        ("Analyses that ended, by service", "Sum", [_by_service("Ended")]),
        ("Seconds before and after a service took it", "p95", [_ours("SecondsQueued"), _ours("SecondsPending")]),
        ("Seconds from result to products", "p95", [_ours("CollectionLag")]),
        (
            "Products that could not be read, addresses refused",
            "Sum",
            [_ours("ProductsFailed"), _ours("RefusedAddresses")],
        ),
        ("Events", "Sum", [_ours(name) for name in ("EventsDelivered", "EventsNotTaken")]),
        ("Requests", "Sum", [_gateway(name) for name in ("Count", "4XXError", "5XXError")]),
        ("Milliseconds of requests", "p95", [_gateway("Latency")]),
        ("Age of the oldest message", "Maximum", [_queue("ApproximateAgeOfOldestMessage", each) for each in working]),
        ("Dead letters", "Maximum", [_queue("ApproximateNumberOfMessagesVisible", each) for each in dead]),
        ("Functions at once", "Maximum", [_function("ConcurrentExecutions", each) for each in functions]),
        ("Errors of functions", "Sum", [_function("Errors", each) for each in functions]),
        ("Throttled functions", "Sum", [_function("Throttles", each) for each in functions]),
    ]
    body = {"widgets": [_widget(number, *graph) for number, graph in enumerate(graphs)]}
    return {
        "Type": "AWS::CloudWatch::Dashboard",
        "Properties": {"DashboardName": {"Ref": "Prefix"}, "DashboardBody": {"Fn::Sub": json.dumps(body)}},
    }


def _widget(number: int, title: str, statistic: str, metrics: list[Metric]) -> dict[str, Any]:
    return {
        "type": "metric",
        "x": _WIDTH * (number % 2),
        "y": _HEIGHT * (number // 2),
        "width": _WIDTH,
        "height": _HEIGHT,
        "properties": {
            "title": title,
            "stat": statistic,
            "period": _MINUTE,
            "region": "${AWS::Region}",
            "metrics": metrics,
        },
    }


def _ours(name: str) -> Metric:
    return [NAMESPACE, name, "Site", "${Prefix}"]


def _by_service(name: str) -> Metric:
    search = f"SEARCH('{{{NAMESPACE},Service,Site}} MetricName=\"{name}\" Site=\"${{Prefix}}\"', 'Sum', {_MINUTE})"
    return [{"expression": search, "id": name.lower()}]


def _gateway(name: str) -> Metric:
    return ["AWS/ApiGateway", name, "ApiName", "${Prefix}"]


def _queue(name: str, queue: str) -> Metric:
    return ["AWS/SQS", name, "QueueName", queue]


def _function(name: str, function: str) -> Metric:
    return ["AWS/Lambda", name, "FunctionName", function]
