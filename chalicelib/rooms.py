"""The rooms with routes, and the modules of those that queues and the clock call."""

ROOMS = (
    "accounts",
    "sources",
    "services",
    "analyses",
    "relay",
    "events",
    "uws",
    "openapi",
    "summaries",
    "summary_search",
    "pages",
)
"""In the order in which their routes are registered."""

HANDLERS = (
    "chalicelib.analyses.handlers",
    "chalicelib.relay.handlers",
    "chalicelib.events.handlers",
    "chalicelib.summaries.handlers",
    "chalicelib.summary_search.handlers",
)
"""On AWS each is the entry point of functions of its own (`queue_events.begin`)."""
