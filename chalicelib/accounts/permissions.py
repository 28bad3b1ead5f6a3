"""Permissions (ACLs) and the roles that grant them: section 2 of the wire contract."""

SYSTEM_ADMIN = "System admin"
ANNOTATE = "Annotate"
CLASSIFY = "Classify"
COMMENT = "Comment"
MANAGE_ANALYSIS_SERVICES = "Manage Analysis Services"
MANAGE_SOURCES = "Manage sources"
MANAGE_USERS = "Manage users"
POST_TAXONOMY = "Post taxonomy"
RUN_ANALYSES = "Run Analyses"
UPLOAD_DATA = "Upload data"

ALL = frozenset(
    {
        SYSTEM_ADMIN,
        ANNOTATE,
        CLASSIFY,
        COMMENT,
        MANAGE_ANALYSIS_SERVICES,
        MANAGE_SOURCES,
        MANAGE_USERS,
        POST_TAXONOMY,
        RUN_ANALYSES,
        UPLOAD_DATA,
    }
)

_FULL_USER = frozenset({ANNOTATE, COMMENT, UPLOAD_DATA, CLASSIFY, RUN_ANALYSES})

ROLES: dict[str, frozenset[str]] = {
    "Super admin": ALL,
    "Group admin": _FULL_USER | {MANAGE_SOURCES, MANAGE_ANALYSIS_SERVICES, POST_TAXONOMY, MANAGE_USERS},
    "Full user": _FULL_USER,
    "View only": frozenset(),
}

DEFAULT_ROLE = "Full user"


def permissions_of(roles: frozenset[str]) -> frozenset[str]:
    """Return the union of what the roles grant; unknown roles grant nothing."""
    return frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))
