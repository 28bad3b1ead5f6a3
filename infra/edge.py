"""What API Gateway does before a request reaches us: its own answers, throttling, and access logs without a path."""

import json
from typing import Any

from chalicelib.http.envelope import SECURITY_HEADERS
from chalicelib.http.reading import too_large
from chalicelib.settings import VERSION

_RESPONSES = "x-amazon-apigateway-gateway-responses"
_RETRY_AFTER_SECONDS = "1"
_MESSAGES = {
    "MISSING_AUTHENTICATION_TOKEN": ("404", "Not found: there is no such path."),
    "RESOURCE_NOT_FOUND": ("404", "Not found: there is no such path."),
    "REQUEST_TOO_LARGE": ("413", too_large("too many").message),
    "THROTTLED": ("429", "Too many requests: wait a second and repeat this one."),
    "INTEGRATION_TIMEOUT": ("504", "No answer within 29 seconds. It may still be done: look before you repeat it."),
    "DEFAULT_4XX": (None, "Bad request: the gateway cannot pass it on."),
    "DEFAULT_5XX": (None, "Something went wrong on our side."),
}

_BY_ATTRIBUTE = "${APIHandler.Arn}"
_BY_NAME = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Prefix}-api"

_LOGGED = {
    "request_id": "$context.requestId",
    "time": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "method": "$context.httpMethod",
    # never $context.path: the webhook's holds its token
    "route": "$context.resourcePath",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "milliseconds": "$context.responseLatency",
}


def api_properties() -> dict[str, Any]:
    """Return what is merged into the properties of the REST API."""
    return {
        # of CloudWatch's dimension: the stages of one account must not count as one
        "Name": {"Ref": "Prefix"},
        # that it is named keeps SAM from making a second, open stage called "Stage"
        "OpenApiVersion": "2.0",
        "TracingEnabled": {"Fn::If": ["IsTraced", True, False]},
        "DefinitionBody": {"info": {"title": {"Ref": "Prefix"}}, _RESPONSES: gateway_responses()},
        "MethodSettings": [
            _throttle("/*", "*", "RateLimit", "BurstLimit"),
            # services post once and never again: a result must not be turned away
            _throttle("/~1api~1webhook~1obj_analysis~1{token}", "POST", "WebhookRateLimit", "WebhookBurstLimit"),
        ],
        "AccessLogSetting": {
            "DestinationArn": {"Fn::GetAtt": ["AccessLogs", "Arn"]},
            "Format": json.dumps(_LOGGED, separators=(",", ":")),
        },
    }


def finished_api(api: dict[str, Any]) -> dict[str, Any]:
    """Return the API with its function by name: the function may then know the URL of the API, without a circle."""
    text = json.dumps(api).replace(_BY_ATTRIBUTE, _BY_NAME)
    finished: dict[str, Any] = json.loads(text)
    return finished


def gateway_responses() -> dict[str, Any]:
    """Return the one error shape, and the headers of every answer, for what API Gateway answers by itself."""
    return {kind: _response(kind, status, message) for kind, (status, message) in _MESSAGES.items()}


def _response(kind: str, status: str | None, message: str) -> dict[str, Any]:
    # API Gateway takes values in single quotes, so that a policy with quoted words cannot be written
    headers = {**SECURITY_HEADERS, "Content-Security-Policy": "sandbox"}
    if kind == "THROTTLED":
        headers["Retry-After"] = _RETRY_AFTER_SECONDS
    body = {"status": "error", "message": message, "data": {}, "version": VERSION}
    return {
        **({} if status is None else {"statusCode": status}),
        "responseParameters": {f"gatewayresponse.header.{name}": f"'{value}'" for name, value in headers.items()},
        "responseTemplates": {"application/json": json.dumps(body, separators=(",", ":"))},
    }


def _throttle(path: str, method: str, rate: str, burst: str) -> dict[str, Any]:
    """Return the settings of some methods; bodies are never logged, for they hold secrets."""
    return {
        "ResourcePath": path,
        "HttpMethod": method,
        "ThrottlingRateLimit": {"Ref": rate},
        "ThrottlingBurstLimit": {"Ref": burst},
        "DataTraceEnabled": False,
        "LoggingLevel": "OFF",
        # for each method, 3 dollars a month at fifty of them would be 150: those of the whole stage are free
        "MetricsEnabled": False,
    }
