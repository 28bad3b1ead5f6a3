"""What kind of object a light curve is of: a transient, a variable, or nothing of either."""

from dataclasses import asdict

from matplotlib.figure import Figure

from features import LEAST_POINTS, Features, features
from rules import class_of, vote
from siderostat_service import CannotAnalyse, Result, Source, analysis


@analysis(
    inputs=["photometry", "classifications", "annotations", "comments"],
    analysis_type="meta_analysis",
    time_limit=60,
)
def light_curve_classifier(source: Source) -> Result:
    """Classify a light curve by its features in each filter."""
    frame = source.photometry
    measured = frame[frame["flux"].notna() & (frame["fluxerr"] > 0)]
    found: dict[str, Features] = {}
    for band, rows in measured.groupby("filter"):
        columns = (rows[name].to_numpy(dtype=float) for name in ("mjd", "flux", "fluxerr"))
        if (one := features(*columns)) is not None:
            found[str(band)] = one
    if not found:
        raise CannotAnalyse(f"No filter has {LEAST_POINTS} measured fluxes: add photometry, limits do not count.")
    shares = vote(found)
    best, share = next(iter(shares.items()))
    known = sorted({str(one["classification"]) for one in source.classifications})
    said = f" It is classified as {', '.join(known)}." if known else ""
    points = sum(one.points for one in found.values())
    return Result(
        message=f"{best} ({share:.0%} of {points} points, by rules, not trained).{said}",
        results={
            "class": best,
            "shares": shares,
            "known_classifications": known,
            "features": {band: {"suggests": class_of(one), **asdict(one)} for band, one in found.items()},
        },
        plots=[_figure(source, found)],
        annotations=[{"data": {"class": best, "share": round(share, 3)}}],
    )


def _figure(source: Source, found: dict[str, Features]) -> Figure:
    figure = Figure(figsize=(8, 4))
    axes = figure.subplots()
    for band, rows in source.photometry.groupby("filter"):
        label = f"{band}: {class_of(found[str(band)])}" if str(band) in found else str(band)
        axes.errorbar(rows["mjd"], rows["flux"], rows["fluxerr"], fmt="o", ms=3, label=label)
    axes.set(xlabel="MJD", ylabel="flux [µJy]", title=source.id)
    axes.legend()
    return figure


app = light_curve_classifier.app if __name__ != "__main__" else None

if __name__ == "__main__":
    light_curve_classifier.main()
