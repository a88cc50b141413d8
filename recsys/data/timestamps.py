"""Moments of interactions: ISO 8601 text, or seconds since 1970 as an integer."""

from datetime import UTC, datetime

LAST_SECOND = 4_102_444_800  # 2100-01-01; milliseconds are far above it


def moment(timestamp: str) -> datetime:
    """Return the moment, in UTC; text without an offset is taken as UTC.

    Raises:
        ValueError: It is neither ISO 8601 nor an integer from 0 to 4102444800.
    """
    if timestamp.isascii() and timestamp.isdigit() and len(timestamp) != 8:  # eight digits are an ISO date
        seconds = int(timestamp) if len(timestamp) < 20 else LAST_SECOND + 1
        if seconds > LAST_SECOND:
            raise ValueError(f"{timestamp} seconds lie after 2100")
        return datetime.fromtimestamp(seconds, UTC)
    when = datetime.fromisoformat(timestamp)
    try:
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{timestamp} is out of range") from error
