"""What became of one event."""

from __future__ import annotations

from typing import NamedTuple, Optional


class EventResult(NamedTuple):
    """``status``: "accepted", "duplicate", "dead" (wrong, kept by the collector), or "dropped" (refused, or no room to wait)."""

    id: str
    type: str
    status: str
    reason: Optional[str] = None
