"""One line of log for each phase of work, from the server and from its worker alike."""

import logging


def set_up_logging() -> None:
    """Log to standard error."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # The libraries' own notes are not about a run.
    for library in ("matplotlib", "h5py", "urllib3"):
        logging.getLogger(library).setLevel(logging.WARNING)
