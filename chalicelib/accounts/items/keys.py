"""People, groups and tokens in the registry table.

========================  =================  ==========================================
pk                        sk                 item
========================  =================  ==========================================
user                      <user id>          User
group                     <group id>         Group
user#<user id>            group#<group id>   Membership, as seen from the user
group#<group id>          user#<user id>     the same Membership, as seen from the group
user#<user id>            token#<name>       TokenName: makes names unique, lists the tokens
user#<user id>            preferences        Preferences
user#<user id>            request#<digits>   AnsweredRequest, by the SHA-256 of its path and idempotency key
token#<16 digits>         <48 digits>        Token, by the SHA-256 of what the owner holds
session#<16 digits>       <48 digits>        Session, by the SHA-256 of what the cookie holds
ticket#<16 digits>        <48 digits>        Ticket, by the SHA-256 of what the sign-in link holds
first administrator       announced          Announced
name#username#<name>      lock               NameLock (registry)
name#group#<name>         lock               NameLock (registry)
========================  =================  ==========================================
"""

USERS = "user"
GROUPS = "group"
IN_GROUP = "group#"
IN_TOKEN = "token#"  # noqa: S105 - a prefix of keys
IN_SESSION = "session#"
IN_TICKET = "ticket#"


def partition(kind: str, number: int) -> str:
    """Return the `pk` of what belongs to a user or a group."""
    return f"{kind}#{number}"


def token_partition(token_id: str) -> str:
    """Return the `pk` of the tokens whose hash begins with these digits: none or one."""
    return IN_TOKEN + token_id
