"""One event as it waits: its text is made when it is tracked, whatever becomes of the object that was given."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, Dict, NamedTuple

from .error import RondoError


class WaitingEvent(NamedTuple):
    id: str
    type: str
    #: JSON; ends with the field ``sentAt`` where ``says_sent``.
    text: str
    says_sent: bool
    size_bytes: int
    #: Number of its client, and where it is kept; see store.py.
    sequence: int = 0
    file: int = -1


def write_event(fields: Dict[str, Any], says_sent: bool) -> WaitingEvent:
    """Raises EVENT_UNREADABLE for what is no JSON: NaN, lone surrogates, objects of your own."""
    if says_sent:
        fields = {**fields, "sentAt": fields["occurredAt"]}
    try:
        text = json.dumps(fields, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=write_other)
        size_bytes = len(text.encode("utf-8")) + 1
    except (TypeError, ValueError, RecursionError) as thrown:
        raise RondoError("EVENT_UNREADABLE", f'The properties of "{fields["type"]}" are no JSON: {thrown}') from thrown
    return WaitingEvent(fields["id"], fields["type"], text, says_sent, size_bytes)


def write_batch(batch: "list[WaitingEvent]", now: float) -> bytes:
    tail = f'"sentAt":"{to_iso(now)}"}}'
    return ("[" + ",".join(event.text[: -len(tail)] + tail if event.says_sent else event.text for event in batch) + "]").encode("utf-8")


def to_iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_other(value: object) -> str:
    """Instants are the one kind of object that events often hold; one without a zone is of this machine's."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} is no JSON")
