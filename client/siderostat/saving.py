"""Saves what an analysis found."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn

from siderostat import output
from siderostat.api import Api, Refused


def save(api: Api, record: dict[str, Any], folder: Path) -> list[Path]:
    """Save what there is of results, plots, corner plot and inference data."""
    folder.mkdir(parents=True, exist_ok=True)
    path = f"/api/obj/analysis/{record['id']}"
    wanted = {"results.json": f"{path}/results?download=True"}
    wanted |= {f"plot_{number}": f"{path}/plots/{number}" for number in range(record["num_plots"])}
    wanted |= {"corner.png": f"{path}/corner", "inference_data.nc": f"{path}/inference_data"}
    saved = []
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=output.people, transient=True, disable=not output.people.is_terminal) as progress:
        for name, place in wanted.items():
            task = progress.add_task(name, total=None)
            try:
                content = b"".join(_counted(api, place, progress, task))
            except Refused:
                continue  # an analysis has no more than it has
            saved.append(folder / (name if "." in name else f"{name}.{_extension(content)}"))
            saved[-1].write_bytes(content)
    return saved


def _counted(api: Api, path: str, progress: Progress, task: TaskID) -> Iterator[bytes]:
    for piece, length in api.pieces(path):
        progress.update(task, total=length or None, advance=len(piece))
        yield piece


def _extension(content: bytes) -> str:
    known = {b"\x89PNG": "png", b"%PDF": "pdf", b"\xff\xd8\xff": "jpg", b"GIF8": "gif"}
    return next((name for start, name in known.items() if content.startswith(start)), "svg")
