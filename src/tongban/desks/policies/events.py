"""What policies announce. Moves of their dockets are announced by the kernel as ``policy.<move>``.

Stream: ``measure:<key>``; no personal data.
"""

from typing import Final, TypedDict

MEASURE_PUBLISHED: Final = "measure.published"
"""A version of a measure is in force, or will be on its day. Body: `MeasureNews`."""
MEASURE_WITHDRAWN: Final = "measure.withdrawn"
"""A measure is given no longer. Body: `MeasureNews` with the reason."""


class MeasureNews(TypedDict):
    """`policy` is the number of the policy's docket, `valid_from` an ISO day."""

    key: str
    version: int
    policy: str
    party: str
    valid_from: str
    reason: str
