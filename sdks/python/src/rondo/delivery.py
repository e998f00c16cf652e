"""Events on their way: what waits, when it goes, what its answer means. Knows no thread and no clock: ``step(now)`` does what is due.

track → [waiting, kept in the store] → batch → POST /v1/events → 2xx: each event's own result
                  ↑                                           → 408, 429, 5xx, no or half an answer: again after a pause
                  └─────────────────────────────────────────→ other 4xx: refused for good, each event told as dropped
"""

from __future__ import annotations

import logging
from typing import Callable, List, Optional

from .error import RondoError
from .event import WaitingEvent, write_batch
from .result import EventResult
from .store import Store
from .transport import Answer

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 60.0
BATCH_LIMIT = 500

LOG = logging.getLogger("rondo")


class Delivery:
    """``post(batch, body, now)`` sends. Callbacks run without any lock held; one that raises is told once to nobody."""

    def __init__(
        self,
        post: Callable[[List[WaitingEvent], bytes, float], Answer],
        *,
        flush_at: int,
        flush_bytes: int,
        flush_after: float,
        queue_limit: int,
        random: Callable[[], float],
        on_result: Optional[Callable[[EventResult], None]],
        on_error: Optional[Callable[[RondoError], None]],
        store: Optional[Store],
    ) -> None:
        self._post = post
        self._flush_at = min(flush_at, BATCH_LIMIT)
        self._flush_bytes = flush_bytes
        self._flush_after = flush_after
        self._queue_limit = queue_limit
        self._random = random
        self._on_result = on_result
        self._on_error = on_error
        self._store = store
        self.waiting: List[WaitingEvent] = list(store.unsent) if store else []
        self._waiting_bytes = sum(event.size_bytes for event in self.waiting)
        self._due_at: Optional[float] = 0.0 if self.waiting else None
        self._not_before = 0.0
        self._dropped = 0
        self._in_flight = 0
        #: Tries of the batch at the head since the last answer.
        self.tries = 0
        #: Tries that failed, ever.
        self.failures = 0

    def add(self, event: WaitingEvent, now: float) -> Optional[WaitingEvent]:
        """Returns the event that had to go for it, if any."""
        gone = None
        if self._store:
            event = event._replace(file=0)
            self._keep(lambda store: store.append(event))
        if len(self.waiting) >= self._queue_limit:
            at = self._in_flight if self._in_flight < len(self.waiting) else 0
            gone = self.waiting[at]
            self._remove([gone])
            self._dropped += 1
        self.waiting.append(event)
        self._waiting_bytes += event.size_bytes
        if self._due_at is None:
            self._due_at = now + self._flush_after
        return gone

    def hurry(self) -> None:
        """What waits goes at the next step, unless a pause is kept."""
        self._due_at = 0.0

    def is_due(self, now: float) -> float:
        """Seconds until the next step has something to do; infinity when nothing waits."""
        if not self.waiting or self._due_at is None:
            return float("inf")
        is_full = len(self.waiting) >= self._flush_at or self._waiting_bytes >= self._flush_bytes
        return max(0.0, self._not_before - now, 0.0 if is_full else self._due_at - now)

    def take_batch(self) -> List[WaitingEvent]:
        batch: List[WaitingEvent] = []
        size_bytes = 2
        for event in self.waiting[:BATCH_LIMIT]:
            size_bytes += event.size_bytes
            if batch and size_bytes > self._flush_bytes:
                break
            batch.append(event)
        self._in_flight = len(batch)
        return batch

    def send(self, batch: List[WaitingEvent], now: float) -> Answer:
        """Needs no lock: it touches nothing but the network."""
        return self._post(batch, write_batch(batch, now), now)

    def settle(self, batch: List[WaitingEvent], answer: Answer, now: float) -> None:
        self._in_flight = 0
        if answer.results is None:
            self.tries += 1
            self.failures += 1
            longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(self.tries - 1, 10))
            pause = answer.retry_after_s if answer.retry_after_s is not None else longest * self._random()
            self._not_before = now + pause
            return
        self.tries = 0
        self._not_before = 0.0
        self._remove(batch)
        if not self.waiting:
            self._due_at = None

    def tell(self, batch: List[WaitingEvent], answer: Answer) -> None:
        """Callbacks; with no lock held."""
        if self._dropped:
            count, self._dropped = self._dropped, 0
            self.tell_error("QUEUE_FULL", f"{count} events were dropped, the oldest: more than {self._queue_limit} would wait.", count)
        if answer.code and (answer.results is not None or self.tries == 1):
            self.tell_error(answer.code, answer.message, len(batch))
        for result in answer.results or []:
            self.tell_result(result)
            if result.status == "dead":
                self.tell_error("EVENT_DEAD", f"{result.type} {result.id}: {result.reason}", 1)

    def tell_result(self, result: EventResult) -> None:
        if self._on_result:
            try:
                self._on_result(result)
            except Exception:  # noqa: BLE001 - a callback that breaks must not break the way of events
                pass

    def tell_error(self, code: str, message: str, count: Optional[int] = None) -> None:
        if self._on_error is None:
            LOG.warning("%s: %s", code, message)
        else:
            try:
                self._on_error(RondoError(code, message, count=count))
            except Exception:  # noqa: BLE001
                pass

    def step(self, now: float) -> float:
        """For one thread alone: sends one batch if one is due. Returns seconds until the next."""
        if self.is_due(now) > 0:
            return self.is_due(now)
        batch = self.take_batch()
        answer = self.send(batch, now)
        self.settle(batch, answer, now)
        self.tell(batch, answer)
        return self.is_due(now)

    def _remove(self, batch: List[WaitingEvent]) -> None:
        gone = {id(event) for event in batch}
        self.waiting = [event for event in self.waiting if id(event) not in gone]
        self._waiting_bytes = sum(event.size_bytes for event in self.waiting)
        self._keep(lambda store: store.remove([event for event in batch if event.file >= 0]))

    def _keep(self, work: Callable[[Store], None]) -> None:
        if self._store is None:
            return
        try:
            work(self._store)
        except Exception as thrown:  # noqa: BLE001 - a full disk stops no event
            self.tell_error("NOT_PERSISTED", str(thrown))
