"""What wakes somebody up. Each has a paragraph in docs/operations.md that says what to do."""

from typing import Any

from infra.package.functions import names

_DEAD = "DeadQueue"
_CLOCK = "Sweep"
_PERIOD_SECONDS = 300
_NOTIFY = [{"Ref": "Alarms"}]

_OLDEST_SECONDS = 900
"""A message waits that long only if its function cannot keep up, or fails: tries again are delayed, not left lying."""
_MOST_SERVER_ERRORS = 5

Resources = dict[str, Any]
Alarm = dict[str, Any]


def alarms(resources: Resources) -> Resources:
    """Return the alarms of a stack with these resources."""
    queues = [name for name, each in resources.items() if each["Type"] == "AWS::SQS::Queue"]
    consumed = [name for name in queues if not name.endswith(_DEAD)]
    return {
        **{f"{name}Alarm": _dead_letters(name) for name in queues if name.endswith(_DEAD)},
        **{f"{name}AgeAlarm": _age(name) for name in consumed},
        **{f"{name}ThrottlesAlarm": _throttles(name) for name in names(resources)},
        "ServerErrorsAlarm": _server_errors(),
        "SweepAlarm": _sweep_errors(),
        "ClockAlarm": _clock(),
    }


def _dead_letters(queue: str) -> Alarm:
    """Return an alarm for messages that wait in a dead-letter queue or were taken out of it by its consumer."""
    dimensions = _of("QueueName", {"Fn::GetAtt": [queue, "QueueName"]})

    def metric(identifier: str, name: str, statistic: str) -> dict[str, Any]:
        found = {"Namespace": "AWS/SQS", "MetricName": name, "Dimensions": dimensions}
        return {
            "Id": identifier,
            "MetricStat": {"Metric": found, "Period": _PERIOD_SECONDS, "Stat": statistic},
            "ReturnData": False,
        }

    return _alarm(
        f"Messages that could not be handled arrived in {queue}.",
        "dead-letters",
        {
            "Metrics": [
                metric("waiting", "ApproximateNumberOfMessagesVisible", "Maximum"),
                metric("taken", "NumberOfMessagesReceived", "Sum"),
                {"Id": "arrived", "Expression": "waiting + taken", "ReturnData": True},
            ],
            "Threshold": 0,
        },
    )


def _age(queue: str) -> Alarm:
    return _alarm(
        f"A message has waited in {queue} for longer than a quarter of an hour.",
        "a-message-that-waits",
        {
            "Namespace": "AWS/SQS",
            "MetricName": "ApproximateAgeOfOldestMessage",
            "Dimensions": _of("QueueName", {"Fn::GetAtt": [queue, "QueueName"]}),
            "Statistic": "Maximum",
            "Threshold": _OLDEST_SECONDS,
        },
    )


def _throttles(function: str) -> Alarm:
    return _alarm(
        f"Lambda refused to run {function}: too many functions ran at once.",
        "throttled-functions",
        {**_lambda("Throttles", function), "Threshold": 0, "EvaluationPeriods": 2},
    )


def _server_errors() -> Alarm:
    return _alarm(
        "Requests were answered with a server error.",
        "server-errors",
        {
            "Namespace": "AWS/ApiGateway",
            "MetricName": "5XXError",
            "Dimensions": _of("ApiName", {"Ref": "Prefix"}),
            "Statistic": "Sum",
            "Threshold": _MOST_SERVER_ERRORS,
        },
    )


def _sweep_errors() -> Alarm:
    return _alarm(
        "The sweep fails: what was lost on its way is not sent again, and nothing times out.",
        "a-sweep-that-fails",
        {**_lambda("Errors", _CLOCK), "Threshold": 2},
    )


def _clock() -> Alarm:
    return _alarm(
        "The clock does not tick: nothing has called the sweep for five minutes.",
        "a-clock-that-stopped",
        {
            **_lambda("Invocations", _CLOCK),
            "Threshold": 1,
            "ComparisonOperator": "LessThanThreshold",
            "TreatMissingData": "breaching",
        },
    )


def _lambda(metric: str, function: str) -> dict[str, Any]:
    dimensions = _of("FunctionName", {"Ref": function})
    return {"Namespace": "AWS/Lambda", "MetricName": metric, "Dimensions": dimensions, "Statistic": "Sum"}


def _of(name: str, value: object) -> list[dict[str, Any]]:
    return [{"Name": name, "Value": value}]


def _alarm(description: str, paragraph: str, properties: dict[str, Any]) -> Alarm:
    period = {} if "Metrics" in properties else {"Period": _PERIOD_SECONDS}
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": f"{description} See docs/operations.md#{paragraph}.",
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": 1,
            "TreatMissingData": "notBreaching",
            "AlarmActions": _NOTIFY,
            "OKActions": _NOTIFY,
            **period,
            **properties,
        },
    }
