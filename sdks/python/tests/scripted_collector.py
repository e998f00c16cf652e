"""A collector that answers as told, in memory, and remembers."""

from __future__ import annotations

import gzip
import json
from typing import Any, Callable, Dict, List, Optional, Tuple

Reply = Tuple[int, Dict[str, str], bytes]


class ScriptedCollector:
    """``script`` gives a reply for one request, or None to answer as the real one: accepted, or duplicate when the id is known."""

    def __init__(self, script: Optional[Callable[["ScriptedCollector"], Optional[Reply]]] = None) -> None:
        self.script = script
        self.requests: List[Dict[str, Any]] = []
        self.delivered: Dict[str, Dict[str, Any]] = {}
        self.duplicates = 0

    def __call__(self, method: str, url: str, headers: Dict[str, str], body: Optional[bytes], timeout: float) -> Reply:
        raw = gzip.decompress(body or b"") if headers.get("content-encoding") == "gzip" else body or b""
        events = json.loads(raw)
        self.requests.append({"method": method, "url": url, "headers": headers, "events": events, "size_bytes": len(raw)})
        reply = self.script(self) if self.script else None
        return self.take(events) if reply is None else reply

    def take(self, events: List[Dict[str, Any]]) -> Reply:
        results = []
        for event in events:
            known = event["id"] in self.delivered
            self.duplicates += known
            self.delivered.setdefault(event["id"], event)
            results.append({"id": event["id"], "status": "duplicate" if known else "accepted"})
        return 202, {}, json.dumps({"results": results}).encode()

    def tracks(self) -> List[str]:
        return [event["properties"]["trackId"] for event in self.delivered.values()]


def down(_: ScriptedCollector) -> Reply:
    raise OSError("no network")
