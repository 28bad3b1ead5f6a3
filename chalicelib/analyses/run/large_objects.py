"""Objects of any size, written to S3 in parts, of which only one is held in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib import aws
from chalicelib.settings import settings

SMALLEST_PART = 5 * 1024 * 1024
"""S3 takes a smaller one as the last alone."""


class Parts:
    """The parts of an object, in their order; `large_object` makes and completes it."""

    def __init__(self, key: str, upload_id: str) -> None:
        self._key, self._upload_id = key, upload_id
        self.tags: list[str] = []

    def add(self, content: bytes) -> None:
        """Append bytes."""
        answer = aws.s3().upload_part(
            Bucket=settings().bucket, Key=self._key, UploadId=self._upload_id, PartNumber=self._next, Body=content
        )
        self.tags.append(answer["ETag"])

    def add_rest_of(self, source: str, first: int, size: int) -> None:
        """Append the bytes of another object of this size from `first` on, which S3 copies itself."""
        answer = aws.s3().upload_part_copy(
            Bucket=settings().bucket,
            Key=self._key,
            UploadId=self._upload_id,
            PartNumber=self._next,
            CopySource={"Bucket": settings().bucket, "Key": source},
            CopySourceRange=f"bytes={first}-{size - 1}",
        )
        self.tags.append(answer["CopyPartResult"]["ETag"])

    @property
    def _next(self) -> int:
        return len(self.tags) + 1


@contextmanager
def large_object(key: str, content_type: str) -> Iterator[Parts]:
    """Write an object whose parts are added inside; it is there, whole, at the end, and not at all after a failure."""
    place: dict[str, Any] = {"Bucket": settings().bucket, "Key": key}
    upload_id = aws.s3().create_multipart_upload(**place, ContentType=content_type)["UploadId"]
    parts = Parts(key, upload_id)
    try:
        yield parts
        numbered: Any = [{"ETag": tag, "PartNumber": number} for number, tag in enumerate(parts.tags, 1)]
        aws.s3().complete_multipart_upload(**place, UploadId=upload_id, MultipartUpload={"Parts": numbered})
    except BaseException:
        # what nobody can take back is removed by a rule of the bucket after two days
        aws.s3().abort_multipart_upload(**place, UploadId=upload_id)
        raise
