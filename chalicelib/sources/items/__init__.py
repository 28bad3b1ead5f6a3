"""Every kind is known as soon as one is: a Query of `Item` finds the class of what it reads by its discriminator."""

from chalicelib.sources.items import (  # noqa: F401 - for their discriminators
    annotation,
    classification,
    comment,
    own_file,
    phot_stat,
    photometry,
    remarks,
    source,
    spectrum,
    upload,
)
