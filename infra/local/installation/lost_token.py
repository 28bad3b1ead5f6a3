"""An administrator's token in place of one whose file was removed: how whoever owns the folder comes in again."""

from infra.local.aws.kept import folder
from infra.local.aws.kept.folder import Folder
from infra.local.errors import StackError


def readmit(kept: Folder, token: str) -> None:
    """Let the token work and revoke the one before; killed in the midst, the first request with it does the same.

    Raises
    ------
    StackError
        It was the administrator's before, and has been revoked; or the embedded AWS refuses. The file is gone again.
    """
    # imported when it is needed, which is seldom: the tables take longer to import than the rest of the stack
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
    from pynamodb.exceptions import PynamoDBException  # noqa: PLC0415

    from chalicelib.accounts import first_administrator  # noqa: PLC0415
    from chalicelib.accounts.items.token import Token  # noqa: PLC0415
    from chalicelib.accounts.token_hash import TokenHash  # noqa: PLC0415

    try:
        first_administrator.take_once(token, certainly_new=True)
        works = Token.of_hash(TokenHash.of(token)) is not None
    except (BotoCoreError, ClientError, PynamoDBException) as error:
        (kept.path / folder.TOKEN).unlink(missing_ok=True)
        raise StackError(f"The administrator's token cannot be replaced: {error}") from None
    if not works:
        (kept.path / folder.TOKEN).unlink(missing_ok=True)
        raise StackError("The administrator's token that was given has been revoked before: give another one, or none.")
