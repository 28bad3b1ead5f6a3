"""What wakes somebody up: a dead-letter queue that got a message, and a clock that does not tick."""

from typing import Any

_DEAD = "DeadQueue"
_PERIOD_SECONDS = 300
_NOTIFY = [{"Ref": "Alarms"}]


def alarms(resources: dict[str, Any]) -> dict[str, Any]:
    """Return one alarm for every dead-letter queue among these resources, and one for the sweep."""
    dead = [name for name in resources if name.endswith(_DEAD)]
    return {**{f"{name}Alarm": _dead_letters(name) for name in dead}, "SweepAlarm": _sweep()}


def _dead_letters(queue: str) -> dict[str, Any]:
    """Return an alarm for messages that wait in a dead-letter queue or were taken out of it by its consumer."""
    dimensions = [{"Name": "QueueName", "Value": {"Fn::GetAtt": [queue, "QueueName"]}}]

    def metric(identifier: str, name: str, statistic: str) -> dict[str, Any]:
        found = {"Namespace": "AWS/SQS", "MetricName": name, "Dimensions": dimensions}
        return {
            "Id": identifier,
            "MetricStat": {"Metric": found, "Period": _PERIOD_SECONDS, "Stat": statistic},
            "ReturnData": False,
        }

    return _alarm(
        {
            "AlarmDescription": f"Messages that could not be handled arrived in {queue}: see docs/operations.md.",
            "Metrics": [
                metric("waiting", "ApproximateNumberOfMessagesVisible", "Maximum"),
                metric("taken", "NumberOfMessagesReceived", "Sum"),
                {"Id": "arrived", "Expression": "waiting + taken", "ReturnData": True},
            ],
            "Threshold": 0,
        }
    )


def _sweep() -> dict[str, Any]:
    return _alarm(
        {
            "AlarmDescription": "The sweep fails: what was lost on its way is not sent again, and nothing times out.",
            "Namespace": "AWS/Lambda",
            "MetricName": "Errors",
            "Dimensions": [{"Name": "FunctionName", "Value": {"Ref": "Sweep"}}],
            "Period": _PERIOD_SECONDS,
            "Statistic": "Sum",
            "Threshold": 2,
        }
    )


def _alarm(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": 1,
            "TreatMissingData": "notBreaching",
            "AlarmActions": _NOTIFY,
            **properties,
        },
    }
