"""Events on their way: what waits, when it goes, what its answer means. Knows no thread and no clock: ``step(now)`` does what is due.

track → [waiting, kept in the store] → batch → POST /v1/events → 2xx: each event's own result
                  ↑                                           → 408, 429, 5xx, no or half an answer: again after a pause
                  │                                           → 413: again at once, half as many; alone refused for good
                  └─────────────────────────────────────────→ 400, 415, 422: refused for good, each event told as dropped
Any other answer (401, 403, 404 …) is about the key or the address, not about the events: told, and they rest.
"""

from __future__ import annotations

import logging
from collections import deque
from typing import Callable, Deque, List, NamedTuple, Optional, Union

from .error import RondoError
from .event import WaitingEvent, write_batch
from .result import EventResult
from .store import Store
from .transport import TOO_LARGE, Answer

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 60.0
BATCH_LIMIT = 500

LOG = logging.getLogger("rondo")


class DeliveryOptions(NamedTuple):
    """As the client takes them; seconds and bytes."""

    flush_at: int
    flush_bytes: int
    flush_after: float
    queue_limit: int
    queue_bytes: int
    random: Callable[[], float]
    on_result: Optional[Callable[[EventResult], None]]
    on_error: Optional[Callable[[RondoError], None]]


class Delivery:
    """``post(batch, body, now)`` sends. What is to be told waits for ``tell_untold``, which is called without any lock held."""

    def __init__(self, post: Callable[[List[WaitingEvent], bytes, float], Answer], options: DeliveryOptions, store: Optional[Store]) -> None:
        self._post = post
        self._options = options
        self._store = store
        self._untold: Deque[Union[EventResult, RondoError]] = deque()
        #: Events in one request: fewer after a 413.
        self._most = BATCH_LIMIT
        self._is_resting = False
        #: The trouble that was told last, until an answer came.
        self._told = ""
        #: Answers that more tries do not change, ever.
        self.rests = 0
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
        self._make_room()

    def add(self, event: WaitingEvent, now: float) -> None:
        if self._store:
            event = event._replace(file=0)
            self._keep(lambda store: store.append(event))
        self.waiting.append(event)
        self._waiting_bytes += event.size_bytes
        if self._due_at is None:
            self._due_at = now + self._options.flush_after
        self._make_room()

    def _make_room(self) -> None:
        """The oldest that are not on their way go."""
        while len(self.waiting) > self._options.queue_limit or self._waiting_bytes > self._options.queue_bytes:
            gone = self.waiting[self._in_flight if self._in_flight < len(self.waiting) else 0]
            self._remove([gone])
            self._dropped += 1
            self._untold.append(EventResult(gone.id, gone.type, "dropped", "QUEUE_FULL"))

    def hurry(self) -> None:
        """What waits goes at the next step, unless a pause is kept; what rests goes too."""
        self._due_at = 0.0
        if self._is_resting:
            self._is_resting = False
            self._not_before = 0.0

    def is_due(self, now: float) -> float:
        """Seconds until the next step has something to do; infinity when nothing waits."""
        if not self.waiting or self._due_at is None:
            return float("inf")
        is_full = len(self.waiting) >= min(self._options.flush_at, BATCH_LIMIT) or self._waiting_bytes >= self._options.flush_bytes
        return max(0.0, self._not_before - now, 0.0 if is_full else self._due_at - now)

    def take_batch(self) -> List[WaitingEvent]:
        batch: List[WaitingEvent] = []
        size_bytes = 2
        for event in self.waiting[: self._most]:
            size_bytes += event.size_bytes
            if batch and size_bytes > self._options.flush_bytes:
                break
            batch.append(event)
        self._in_flight = len(batch)
        return batch

    def send(self, batch: List[WaitingEvent], now: float) -> Answer:
        """Needs no lock: it touches nothing but the network."""
        return self._post(batch, write_batch(batch, now), now)

    def settle(self, batch: List[WaitingEvent], answer: Answer, now: float) -> None:
        self._in_flight = 0
        if self._dropped:
            self._tell_later("QUEUE_FULL", f"The queue is full: the {self._dropped} oldest events were dropped.", self._dropped)
            self._dropped = 0
        if answer.results is None and answer.code == TOO_LARGE:
            self._most = len(batch) // 2
            return
        if answer.code and answer.code != self._told:
            self._tell_later(answer.code, answer.message, len(batch))
            self._told = answer.code if answer.results is None else ""
        if answer.results is None:
            if answer.is_final:
                self._is_resting = True
                self.rests += 1
            self.tries += 1
            self.failures += 1
            longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(self.tries - 1, 10))
            pause = answer.retry_after_s if answer.retry_after_s is not None else longest * self._options.random()
            self._not_before = now + pause
            return
        self.tries = 0
        self._told = ""
        self._not_before = 0.0
        self._is_resting = False
        self._most = min(BATCH_LIMIT, self._most + 1)
        self._remove(batch)
        if not self.waiting:
            self._due_at = None
        for result in answer.results:
            self._untold.append(result)
            if result.status == "dead":
                self._tell_later("EVENT_DEAD", f"{result.type} {result.id}: {result.reason}", 1)

    def _tell_later(self, code: str, message: str, count: Optional[int] = None) -> None:
        self._untold.append(RondoError(code, message, count=count))

    def tell_error(self, code: str, message: str) -> None:
        self._tell_later(code, message)
        self.tell_untold()

    def tell_untold(self) -> None:
        """Callbacks, with no lock held: they may track, flush and close. One that raises stops nothing, and is told to the logger."""
        while True:
            try:
                told = self._untold.popleft()
            except IndexError:
                return
            try:
                if isinstance(told, EventResult):
                    if self._options.on_result is not None:
                        self._options.on_result(told)
                elif self._options.on_error is not None:
                    self._options.on_error(told)
                else:
                    LOG.warning("%s: %s", told.code, told.message)
            except Exception:  # noqa: BLE001 - a callback that breaks must not break the way of events
                LOG.exception("A callback raised.")

    def step(self, now: float) -> float:
        """For one thread alone: sends one batch if one is due. Returns seconds until the next."""
        if self.is_due(now) > 0:
            return self.is_due(now)
        batch = self.take_batch()
        answer = self.send(batch, now)
        self.settle(batch, answer, now)
        self.tell_untold()
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
            self._tell_later("NOT_PERSISTED", str(thrown))
