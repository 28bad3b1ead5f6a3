"""A service for the tests, which does what its parameter says."""

import os
import time

import beside
import numpy as np
from siderostat_service import CannotAnalyse, Result, Source, analysis


@analysis(
    parameters={
        "do": ["succeed", "refuse", "crash", "die", "hang", "large", "look", "where"],
        "wait": {"type": "number"},
    },
    inputs=["photometry", "spectra", "redshift", "annotations", "comments", "classifications"],
    waiting=2,
    time_limit=6,
)
def obedient(source: Source) -> Result:
    """Do as told."""
    time.sleep(source.parameters["wait"] or 0)
    match source.parameters["do"]:
        case "refuse":
            raise CannotAnalyse("There is no redshift: set one.")
        case "crash":
            raise ZeroDivisionError("by zero")
        case "die":
            os._exit(3)
        case "hang":
            time.sleep(3600)
        case "large":
            return Result(message="large", results={"noise": np.random.default_rng(1).normal(size=400_000)})
        case "look":
            return Result(message="seen", results=seen(source))
        case "where":
            return Result(message="here", results={"here": os.getpid(), "beside": beside.PROCESS})
    return Result(message="done", results={"points": len(source.photometry)}, posterior={"a": np.zeros(50)})


def seen(source):
    return {
        "columns": list(source.photometry.columns),
        "units": {name: str(column.unit) for name, column in source.photometry_table.columns.items() if column.unit},
        "detections": len(source.detections),
        "redshift": source.redshift,
        "spectra": [
            {"wavelengths": one.wavelengths, "fluxes": one.fluxes, "at": one.observed_at, "altdata": one.altdata}
            for one in source.spectra
        ],
        "annotations": [one["data"] for one in source.annotations],
        "comments": [one["text"] for one in source.comments],
        "classifications": [[one["classification"], one["probability"]] for one in source.classifications],
    }


if __name__ == "__main__":
    obedient.main()
