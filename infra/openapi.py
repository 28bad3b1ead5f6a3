"""Prints the OpenAPI document of the whole API, of which the pages make their types: `python -m infra.openapi`."""

import json
import sys


def text() -> str:
    """Return the document as JSON, the same on every machine: it names no server."""
    import app  # noqa: F401, PLC0415 - registers the endpoints
    from chalicelib.openapi.document import document  # noqa: PLC0415 - when they are registered

    return json.dumps({**document(), "servers": []}, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    sys.stdout.write(text() + "\n")
