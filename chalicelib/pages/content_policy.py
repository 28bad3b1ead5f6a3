"""What browsers may do at our pages: run and show what is ours, and read large answers from the bucket."""

from functools import cache
from urllib.parse import urlsplit

from chalicelib import aws
from chalicelib.http.large_answers import PREFIX
from chalicelib.settings import settings


@cache
def content_policy() -> str:
    """Return the Content-Security-Policy of the pages: nothing inline, nothing of others, in nobody's frame."""
    bucket = _bucket_origin()
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' blob: data: {bucket}",
            f"connect-src 'self' {bucket}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _bucket_origin() -> str:
    """Return the origin that signed URLs have."""
    place = {"Bucket": settings().bucket, "Key": f"{PREFIX}-"}
    parts = urlsplit(aws.s3_for_others().generate_presigned_url("get_object", Params=place, ExpiresIn=1))
    return f"{parts.scheme}://{parts.netloc}"
