"""An analysis service in one file, for Siderostat and SkyPortal: copy it, and put your own fit into `analyse`.

pip install fastapi uvicorn requests numpy matplotlib h5netcdf h5py
HELLO_SECRET=whsec_… python hello_service.py --port 6902    (without the secret, signatures are not asked for)
"""

import base64
import csv
import hmac
import io
import json
import logging
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import BoundedSemaphore
from typing import Any

import h5netcdf
import numpy as np
import requests
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from matplotlib.figure import Figure

SECRET = os.environ.get("HELLO_SECRET", "")
MOST_BYTES, LARGEST_POST, MOST_WAITING = 32_000_000, 4_000_000, 32
PAUSES = (1, 2, 5, 15, 30, 60, 120, 300)

app, logger = FastAPI(), logging.getLogger(__name__)
workers, places = ThreadPoolExecutor(2), BoundedSemaphore(MOST_WAITING)
draws = np.random.default_rng()


def analyse(inputs: dict[str, Any]) -> dict[str, Any]:
    """Fit a straight line to the magnitudes: how fast does the source fade? Whatever this raises becomes a failure."""
    rows = [row for row in csv.DictReader(io.StringIO(inputs.get("photometry", ""))) if row["mag"] and row["magerr"]]
    if len(rows) < 3:  # noqa: PLR2004 - a line through two points says nothing about its errors
        raise ValueError(f"A line needs three detections, and there are {len(rows)}.")
    mjd, mag, magerr = (np.array([float(row[name]) for row in rows]) for name in ("mjd", "mag", "magerr"))
    best, covariance = np.polyfit(mjd - mjd.mean(), mag, 1, w=1 / magerr, cov="unscaled")
    slope, level = draws.multivariate_normal(best, covariance, size=(4, 500)).transpose(2, 0, 1)
    posterior, picture, figure = io.BytesIO(), io.BytesIO(), Figure()
    with h5netcdf.File(posterior, "w") as file:
        group = file.create_group("posterior")
        group.dimensions = {"chain": 4, "draw": 500}
        for name, samples in {"slope": slope, "level": level}.items():
            group.create_variable(name, ("chain", "draw"), data=samples)
    axes = figure.subplots()
    axes.errorbar(mjd, mag, magerr, fmt="o")
    axes.plot(mjd, np.polyval(best, mjd - mjd.mean()))
    axes.set(xlabel="MJD", ylabel="mag")
    axes.invert_yaxis()
    figure.savefig(picture, format="png")
    found = {"slope": best[0], "slope_error": covariance[0, 0] ** 0.5, "mjd": mjd.mean(), "level": best[1]}
    return {
        "message": f"{best[0]:+.4f} ± {covariance[0, 0] ** 0.5:.4f} mag a day",
        "analysis": {
            "results": {"format": "json", "data": {name: float(value) for name, value in found.items()}},
            "plots": [{"format": "png", "data": base64.b64encode(picture.getvalue()).decode()}],
            "inference_data": {"format": "netcdf4", "data": base64.b64encode(posterior.getvalue()).decode()},
        },
    }


@app.get("/")
@app.get("/analysis")
def active() -> dict[str, str]:
    """Say that the service is there."""
    return {"status": "active"}


@app.post("/analysis")
async def take(request: Request) -> dict[str, str]:
    """Check a run, queue it, and answer at once."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise HTTPException(413, f"At most {MOST_BYTES} bytes are taken.")
    if SECRET and not is_signed(body, request.headers):
        raise HTTPException(401, "The signature is missing, wrong or old.")
    try:
        document = json.loads(body)
        document["callback_url"].startswith("http"), document["inputs"].items()
    except (ValueError, TypeError, KeyError, AttributeError):
        raise HTTPException(400, "This is no document of an analysis.") from None
    if not places.acquire(blocking=False):
        raise HTTPException(503, "Too many analyses are waiting.", {"Retry-After": "30"})
    workers.submit(work, document)
    return {"status": "success", "message": "queued"}


def is_signed(body: bytes, headers: Any) -> bool:  # noqa: ANN401 - any mapping of headers
    """Check a Standard Webhooks signature, not older than five minutes."""
    number, seconds = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not seconds.isdecimal() or abs(time.time() - int(seconds)) > 300:  # noqa: PLR2004
        return False
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.digest(key, f"{number}.{seconds}.".encode() + body, "sha256")).decode()
    return any(
        hmac.compare_digest(expected.encode(), one.encode()) for one in headers.get("webhook-signature", "").split()
    )


def work(document: dict[str, Any]) -> None:
    """Analyse in the background, and post what came out, whatever it is."""
    try:
        result = {"status": "success", **analyse(document["inputs"])}
    except Exception as error:
        logger.exception("the analysis failed")
        result = {"status": "failure", "message": f"{type(error).__name__}: {error}", "analysis": {}}
    finally:
        places.release()
    for pause in PAUSES:
        try:
            if is_delivered(document, result):
                return
        except requests.RequestException as error:
            logger.warning("not delivered: %s", type(error).__name__)  # its text holds the URL, and that a token
        if datetime.now(UTC).isoformat(" ") > document.get("invalid_after", "9"):
            return
        time.sleep(pause)


def is_delivered(document: dict[str, Any], result: dict[str, Any]) -> bool:
    """Post a result, a large one through `upload_url`; False says that it is worth another try."""
    body = json.dumps(result).encode()
    if len(body) > LARGEST_POST and "upload_url" in document:
        form = requests.post(document["upload_url"], timeout=30).json()["data"]
        requests.post(form["url"], data=form["fields"], files={"file": body}, timeout=300).raise_for_status()
        body = json.dumps({"status": result["status"], "message": result["message"], "uploaded": True}).encode()
    answer = requests.post(document["callback_url"], body, timeout=30)  # a portal may have moved: 307 and 308 count
    return answer.status_code < 500 and answer.status_code != 429  # noqa: PLR2004


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[2]) if sys.argv[1:2] == ["--port"] else 6902)
