"""What people write about a user: the fields that creating, changing and the profile share."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.http.parsing import Body, WithoutBlanks

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255)]
Names = Annotated[list[str], WithoutBlanks]
Username = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]


class PersonBody(Body):
    """Facts about a person; what is not given stays as it is."""

    first_name: Text | None = None
    last_name: Text | None = None
    bio: Annotated[str, StringConstraints(max_length=4096)] | None = None
    affiliations: Annotated[list[Text], WithoutBlanks, Field(max_length=50)] | None = None
    contact_email: Text | None = None
    contact_phone: Text | None = None


def given(body: PersonBody) -> dict[str, object]:
    """Return the facts about the person that a body gives, ready to store."""
    facts = {name: getattr(body, name) for name in PersonBody.model_fields if name in body.model_fields_set}
    if "affiliations" in facts:
        facts["affiliations"] = facts["affiliations"] or []
    return facts
