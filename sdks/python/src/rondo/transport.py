"""HTTP, by the standard library: one request, and what its answer means."""

from __future__ import annotations

import gzip
import json
import urllib.error
import urllib.request
from email.utils import parsedate_to_datetime
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from .event import WaitingEvent
from .result import EventResult

#: (method, url, headers, body, timeout in seconds) → (status, headers in lower case, body). Raises OSError when nobody answers.
Transport = Callable[[str, str, Dict[str, str], Optional[bytes], float], Tuple[int, Dict[str, str], bytes]]

GZIP_FROM_BYTES = 1024
#: Also the rest after an answer that more tries do not change.
LONGEST_RETRY_AFTER_S = 3600.0
#: For more than one event: less may be taken.
TOO_LARGE = "HTTP_413"
#: What is about the events; any other is about the key or the address.
REFUSALS = (400, 413, 415, 422)


class Answer(NamedTuple):
    #: None: not for now.
    results: Optional[List[EventResult]]
    code: str = ""
    message: str = ""
    retry_after_s: Optional[float] = None
    #: More tries do not change it: the events rest, and are kept.
    is_final: bool = False


def send(method: str, url: str, headers: Dict[str, str], body: Optional[bytes], timeout: float) -> Tuple[int, Dict[str, str], bytes]:
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return response.status, {name.lower(): value for name, value in response.headers.items()}, response.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, {name.lower(): value for name, value in refused.headers.items()}, refused.read()


def post_batch(transport: Transport, url: str, write_key: str, batch: List[WaitingEvent], body: bytes, timeout: float, now: float) -> Answer:
    headers = {"content-type": "application/json", "authorization": f"Bearer {write_key}"}
    if len(body) >= GZIP_FROM_BYTES:
        body = gzip.compress(body, 5)
        headers["content-encoding"] = "gzip"
    try:
        status, answered, text = transport("POST", f"{url}/v1/events", headers, body, timeout)
        if 200 <= status < 300:
            return Answer(read_results(batch, text))
    except Exception as thrown:  # noqa: BLE001 - whatever broke on the way, the batch goes again
        return Answer(None, "UNREACHABLE", f"The collector does not answer: {thrown}.")
    code = f"HTTP_{status}"
    if status in (408, 429) or status >= 500:
        return Answer(None, code, f"The collector answered {status}.", read_retry_after(answered.get("retry-after"), now))
    said = text[:300].decode("utf-8", "replace")
    if code == TOO_LARGE and len(batch) > 1:
        return Answer(None, code, said)
    if status not in REFUSALS:
        return Answer(None, code, f"The collector answered {status}: {said}", LONGEST_RETRY_AFTER_S, True)
    return Answer([EventResult(event.id, event.type, "dropped", code) for event in batch], code, f"The collector refused {len(batch)} events for good: {said}")


def read_results(batch: List[WaitingEvent], text: bytes) -> List[EventResult]:
    """Only a result for each event says that it is durable: a page that some network puts in between answers 200 too."""
    results: Any = json.loads(text)["results"]
    if len(results) != len(batch):
        raise ValueError(f"{len(results)} results for {len(batch)} events")
    return [EventResult(event.id, event.type, result["status"], result.get("reason")) for event, result in zip(batch, results)]


def read_retry_after(value: Optional[str], now: float) -> Optional[float]:
    if value is None:
        return None
    try:
        seconds = float(value) if value.strip().isdigit() else parsedate_to_datetime(value).timestamp() - now
    except (TypeError, ValueError):
        return None
    return min(LONGEST_RETRY_AFTER_S, max(0.0, seconds))
