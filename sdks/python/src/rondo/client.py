"""The client that a program holds: events out in a thread of its own, flags in, rows back."""

from __future__ import annotations

import atexit
import json
import os
import random as chance
import threading
import time
import uuid
import weakref
from datetime import datetime
from types import TracebackType
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Type, Union

from .delivery import Delivery, DeliveryOptions
from .error import RondoError
from .event import to_iso, write_event, write_other
from .flags import Flags
from .result import EventResult
from .store import Store
from .transport import Transport, post_batch, send


class Rondo:
    """``Rondo("https://rondo.example", write_key).track("track-played", {"trackId": "t1"}, user_id="ines")``

    Thread-safe, and safe to fork: a child sends its own events only. ``on_result`` is told of each event when it was
    answered, refused or dropped; ``on_error`` of what was lost (``EVENT_DEAD``, ``QUEUE_FULL``, ``HTTP_400``) or could not
    be sent for now, and without it the logger ``rondo`` is. Both are called with no lock held, in the sending thread or in that of
    ``track``, and may call the client. ``store`` is a folder of this machine in which unsent events survive.
    """

    def __init__(
        self,
        url: str,
        write_key: str,
        *,
        client_secret: Optional[str] = None,
        token: Optional[str] = None,
        flush_at: int = 100,
        flush_bytes: int = 262_144,
        flush_after: float = 2.0,
        queue_limit: int = 10_000,
        queue_bytes: int = 16_777_216,
        max_tries: int = 8,
        timeout: float = 30.0,
        on_result: Optional[Callable[[EventResult], None]] = None,
        on_error: Optional[Callable[[RondoError], None]] = None,
        store: Optional[str] = None,
        numbered: bool = True,
        correct_skew: bool = True,
        transport: Transport = send,
        clock: Callable[[], float] = time.time,
        random: Callable[[], float] = chance.random,
    ) -> None:
        self._url = url.rstrip("/")
        self._write_key = write_key
        self._token = token
        self._max_tries = max_tries
        self._timeout = timeout
        self._numbered = numbered
        self._correct_skew = correct_skew
        self._transport = transport
        self._clock = clock
        self._folder = store
        self._options = DeliveryOptions(flush_at, flush_bytes, flush_after, queue_limit, queue_bytes, random, on_result, on_error)
        self._abandoned: List[object] = []
        self._begin()
        self.flags = Flags(self._url, client_secret or write_key, transport, timeout, self._expose)
        this = weakref.ref(self)

        def before_fork() -> None:
            client = this()
            if client is not None:
                client._lock.acquire()

        def in_parent() -> None:
            client = this()
            if client is not None:
                client._lock.release()

        def in_child() -> None:
            client = this()
            if client is not None:
                client._after_fork()

        def at_exit() -> None:
            client = this()
            if client is not None:
                client.close()

        self._at_exit = at_exit
        atexit.register(at_exit)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=before_fork, after_in_parent=in_parent, after_in_child=in_child)

    def _begin(self) -> None:
        self._lock = threading.Condition()
        self._thread: Optional[threading.Thread] = None
        self._is_closed = False
        self._store = None
        failure: Optional[Exception] = None
        if self._folder is not None:
            try:
                self._store = Store(self._folder)
            except Exception as thrown:  # noqa: BLE001 - without a store events go all the same
                failure = thrown
        self._client_id = self._store.client_id if self._store else str(uuid.uuid4())
        self._sequence = self._store.sequence if self._store else 0
        self._delivery = Delivery(self._post, self._options, self._store)
        if failure is not None:
            self._delivery.tell_error("NOT_RESTORED", str(failure))
        for path in self._store.cleared if self._store else []:
            self._delivery.tell_error("NOT_RESTORED", f'"{path}" is damaged, and was begun anew.')
        if self._delivery.waiting:
            with self._lock:
                self._start()

    def _after_fork(self) -> None:
        """In a child: what waits is the parent's. Its files are not touched, not even closed."""
        self._abandoned.extend([self._store, self._delivery, self._lock])
        if self._is_closed:
            self._lock = threading.Condition()
            return
        self._begin()

    def track(
        self,
        type: str,
        properties: Optional[Mapping[str, Any]] = None,
        *,
        user_id: Optional[str] = None,
        anonymous_id: Optional[str] = None,
        event_id: Optional[str] = None,
        occurred_at: Union[datetime, str, None] = None,
        context: Optional[Mapping[str, Any]] = None,
    ) -> str:
        """Queues an event and returns its id. Raises CLOSED, and EVENT_UNREADABLE for properties that are no JSON."""
        now = self._clock()
        fields: Dict[str, Any] = {"id": event_id or str(uuid.uuid4()), "type": type}
        fields["occurredAt"] = to_iso(now) if occurred_at is None else occurred_at if isinstance(occurred_at, str) else write_other(occurred_at)
        if user_id is not None:
            fields["userId"] = user_id
        if anonymous_id is not None:
            fields["anonymousId"] = anonymous_id
        fields["properties"] = properties or {}
        if context is not None:
            fields["context"] = dict(context)
        says_sent = self._correct_skew and occurred_at is None
        with self._lock:
            if self._is_closed:
                raise RondoError("CLOSED", "This client was closed; no event is taken any more.")
            number = self._sequence + 1
            if self._numbered:
                fields["context"] = {**(context or {}), "client": {"id": self._client_id, "sequence": number}}
            event = write_event(fields, says_sent)
            self._sequence = number
            delivery = self._delivery
            delivery.add(event._replace(sequence=number), now)
            self._start()
            if delivery.is_due(now) <= 0 or len(delivery.waiting) == 1:
                self._lock.notify_all()
        delivery.tell_untold()
        return str(fields["id"])

    def flush(self, timeout: Optional[float] = None) -> bool:
        """True when all that waited was answered; False when the time, or ``max_tries``, was over first: then it goes on by itself. A callback waits for nothing."""
        with self._lock:
            if self._is_closed and self._thread is None:
                return not self._delivery.waiting
            self._delivery.hurry()
            self._start()
            self._lock.notify_all()
            give_up_at, rests = self._delivery.failures + self._max_tries, self._delivery.rests
            if self._thread is not threading.current_thread():
                self._lock.wait_for(lambda: not self._delivery.waiting or self._delivery.failures >= give_up_at or self._delivery.rests > rests, timeout)
            return not self._delivery.waiting

    def close(self, timeout: float = 5.0) -> None:
        """Sends what waits for at most ``timeout`` seconds (and half a one for the thread to end), then stops. What could not be sent stays in the store."""
        if self._is_closed:
            return
        give_up_at = time.monotonic() + timeout
        if self._delivery.waiting:
            self.flush(timeout)
        with self._lock:
            self._is_closed = True
            thread, self._thread = self._thread, None
            self._lock.notify_all()
        if thread is not None and thread is not threading.current_thread():
            # One that waits for no network ends at once, and lets go of the store.
            thread.join(max(0.5, give_up_at - time.monotonic()))
        if self._store is not None and (thread is None or not thread.is_alive()):
            self._store.close()
        atexit.unregister(self._at_exit)

    def read_sql(self, sql: str, params: Union[Sequence[Any], Mapping[str, Any], None] = None) -> List[Dict[str, Any]]:
        """Rows of one SELECT over endpoints ("track-played" or track_played). Needs ``token``, which may read."""
        body = json.dumps({"sql": sql, **({} if params is None else {"params": params})}, default=write_other).encode("utf-8")
        headers = {"content-type": "application/json", "authorization": f"Bearer {self._token or self._write_key}"}
        status, _, text = self._transport("POST", f"{self._url}/api/pipelines/v1/sql", headers, body, self._timeout)
        answer = json.loads(text)
        if status >= 300:
            raise RondoError(answer.get("code", f"HTTP_{status}"), answer.get("detail", f"The platform answered {status}."), status=status)
        rows: List[Dict[str, Any]] = answer["rows"]
        return rows

    def __enter__(self) -> "Rondo":
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], thrown: Optional[BaseException], trace: Optional[TracebackType]) -> None:
        self.close()

    def _expose(self, exposure: Dict[str, str]) -> None:
        self.track("flag-exposed", exposure, user_id=exposure["unit"])

    def _post(self, batch: Any, body: bytes, now: float) -> Any:
        return post_batch(self._transport, self._url, self._write_key, batch, body, self._timeout, now)

    def _start(self) -> None:
        if self._thread is None and not self._is_closed:
            self._thread = threading.Thread(target=run, args=(weakref.ref(self), self._lock), name="rondo", daemon=True)
            self._thread.start()


#: A client that nobody holds any more is noticed after so many seconds.
LONGEST_WAIT_S = 10.0


def run(client_ref: "weakref.ref[Rondo]", lock: threading.Condition) -> None:
    """The sending thread: the lock is never held while the network is waited for, nor while callbacks run."""
    while True:
        client = client_ref()
        if client is None or client._lock is not lock:
            return
        delivery = client._delivery
        with lock:
            if client._is_closed:
                return
            pause = delivery.is_due(client._clock())
            batch = delivery.take_batch() if pause <= 0 else []
            if not batch:
                if not delivery.waiting:
                    # Only events that wait keep a client alive that nobody holds.
                    del client, delivery
                lock.wait(min(pause, LONGEST_WAIT_S))
                continue
        answer = delivery.send(batch, client._clock())
        with lock:
            delivery.settle(batch, answer, client._clock())
        delivery.tell_untold()
        with lock:
            lock.notify_all()
