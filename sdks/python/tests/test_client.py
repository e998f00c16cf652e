"""The client with its thread, its files and its children."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from datetime import datetime, timezone
from typing import Any, List

from rondo import EventResult, Rondo, RondoError
from rondo.event import WaitingEvent
from rondo.store import Store
from scripted_collector import ScriptedCollector, down

SOON = 10.0
HERE = os.path.dirname(os.path.abspath(__file__))


def open_client(collector: ScriptedCollector, **options: Any) -> Rondo:
    return Rondo("http://rondo.test/", "wk", transport=collector, **options)


class ClientTest(unittest.TestCase):
    def test_PY8_fields_of_an_event(self) -> None:
        collector = ScriptedCollector()
        with open_client(collector, clock=lambda: 1_790_000_000.0) as rondo:
            properties = {"trackId": "a", "at": datetime(2026, 9, 21, 9, tzinfo=timezone.utc)}
            rondo.track("track-played", properties, user_id="ines", anonymous_id="anon", event_id="mine", context={"app": "job"})
            properties["trackId"] = "changed afterwards"
            rondo.track("track-played", {"trackId": "b"}, occurred_at=datetime(2020, 1, 1, tzinfo=timezone.utc))
        first, second = collector.requests[0]["events"]
        client = first["context"]["client"]["id"]
        self.assertEqual(
            first,
            {
                "id": "mine",
                "type": "track-played",
                "occurredAt": "2026-09-21T14:13:20.000Z",
                "userId": "ines",
                "anonymousId": "anon",
                "properties": {"trackId": "a", "at": "2026-09-21T09:00:00.000Z"},
                "context": {"app": "job", "client": {"id": client, "sequence": 1}},
                "sentAt": "2026-09-21T14:13:20.000Z",
            },
        )
        self.assertEqual((second["occurredAt"], "sentAt" in second, second["context"]["client"]["sequence"]), ("2020-01-01T00:00:00.000Z", False, 2))

    def test_PY8_what_is_no_json_is_refused_at_once(self) -> None:
        with open_client(ScriptedCollector()) as rondo:
            for wrong in (float("nan"), object(), "\ud800"):
                with self.assertRaises(RondoError) as caught:
                    rondo.track("track-played", {"trackId": wrong})
                self.assertEqual(caught.exception.code, "EVENT_UNREADABLE")
        with self.assertRaises(RondoError) as caught:
            rondo.track("track-played", {})
        self.assertEqual(caught.exception.code, "CLOSED")

    def test_PY9_a_thread_sends_and_a_close_waits(self) -> None:
        collector = ScriptedCollector()
        results: List[EventResult] = []
        rondo = open_client(collector, on_result=results.append, flush_at=50)
        threads = [threading.Thread(target=lambda: [rondo.track("track-played", {"trackId": "t"}) for _ in range(250)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertTrue(rondo.flush(SOON))
        self.assertEqual(len(collector.delivered), 1000)
        self.assertEqual(sorted(event["context"]["client"]["sequence"] for event in collector.delivered.values()), list(range(1, 1001)))
        rondo.track("track-played", {"trackId": "last"})
        rondo.close()
        self.assertEqual(len(results), 1001)

    def test_PY9_flush_gives_up_and_a_callback_may_break(self) -> None:
        def broken(_: object) -> None:
            raise ValueError("a callback with a fault")

        rondo = open_client(ScriptedCollector(down), max_tries=3, random=lambda: 0.0, on_error=broken, on_result=broken)
        rondo.track("track-played", {"trackId": "a"})
        self.assertFalse(rondo.flush(SOON))
        rondo.close(0.01)

    def test_PY21_callbacks_may_call_the_client(self) -> None:
        told: List[str] = []

        def react(error: RondoError) -> None:
            told.append(error.code)
            if len(told) <= 2:
                rondo.track("trouble", {"code": error.code})
                rondo.flush()

        with tempfile.TemporaryDirectory() as folder:
            rondo = open_client(collector := ScriptedCollector(), store=folder, on_error=react, on_result=lambda _: None if rondo.flush() else None)
            assert rondo._store
            rondo._store._files[0].execute("create temp trigger full before insert on main.events begin select raise(abort, 'the disk is full'); end")
            thread = threading.Thread(target=lambda: rondo.track("track-played", {"trackId": "a"}), daemon=True)
            thread.start()
            thread.join(SOON)
            self.assertFalse(thread.is_alive(), "a callback waits for its own lock")
            self.assertTrue(rondo.flush(SOON))
            rondo.close()
            self.assertEqual(told[0], "NOT_PERSISTED")
            self.assertEqual([event["type"] for event in collector.delivered.values()].count("trouble"), 2)

    def test_PY21_a_callback_in_the_sending_thread_waits_for_nothing(self) -> None:
        flushed: List[bool] = []
        rondo = open_client(ScriptedCollector(lambda _: (401, {}, b"")), on_error=lambda _: flushed.append(rondo.flush()))
        rondo.track("track-played", {"trackId": "a"})
        self.assertFalse(rondo.flush(SOON))
        rondo.close(0.1)
        self.assertIn(False, flushed)

    def test_PY22_an_end_takes_no_longer_than_it_may(self) -> None:
        code = "import sys, time; sys.path.insert(0, sys.argv[1]); from rondo import Rondo\nRondo_ = Rondo('http://x', 'wk', timeout=60, transport=lambda *_: time.sleep(60), flush_after=0)\nRondo_.track('track-played', {})\n"
        started = time.monotonic()
        subprocess.run([sys.executable, "-c", code, HERE], timeout=30, check=True)
        self.assertLess(time.monotonic() - started, 12)

    def test_PY23_garbage_in_the_folder_is_cleared(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "queue-0.sqlite"), "wb") as file:
                file.write(b"no database at all" * 1000)
            errors: List[str] = []
            first = open_client(ScriptedCollector(down), store=folder, on_error=lambda error: errors.append(error.code), max_tries=1)
            first.track("track-played", {"trackId": "a"})
            first.close(0.2)
            self.assertEqual(errors[0], "NOT_RESTORED")
            second = open_client(collector := ScriptedCollector(), store=folder)
            second.close()
            self.assertEqual(collector.tracks(), ["a"])

    def test_PY9_a_client_that_nobody_holds_sends_what_it_has(self) -> None:
        code = "import sys; sys.path.insert(0, sys.argv[1]); from scripted_collector import ScriptedCollector; from rondo import Rondo; c = ScriptedCollector(); Rondo('http://x', 'wk', transport=c).track('track-played', {'trackId': 'a'}); import atexit, gc; gc.collect()\n"
        code += "import rondo.client\natexit.register(lambda: None)\nclass Last:\n    def __del__(self): print(c.tracks())\nlast = Last()\n"
        out = subprocess.run([sys.executable, "-c", code, HERE], capture_output=True, text=True, timeout=60, check=True)
        self.assertEqual(out.stdout.strip(), "['a']", out.stderr)

    def test_PY10_unsent_events_survive_and_numbers_go_on(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            first = open_client(ScriptedCollector(down), store=folder, max_tries=1)
            for track in "ab":
                first.track("track-played", {"trackId": track})
            first.close(0.2)
            collector = ScriptedCollector()
            second = open_client(collector, store=folder)
            second.track("track-played", {"trackId": "c"})
            second.close()
            self.assertEqual(collector.tracks(), ["a", "b", "c"])
            marks = [event["context"]["client"] for event in collector.delivered.values()]
            self.assertEqual([mark["sequence"] for mark in marks], [1, 2, 3])
            self.assertEqual(len({mark["id"] for mark in marks}), 1)
            third = open_client(again := ScriptedCollector(), store=folder)
            third.close()
            self.assertEqual(again.requests, [])

    def test_PY10_two_at_once_share_no_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            clients = [open_client(ScriptedCollector(down), store=folder) for _ in range(2)]
            for track, client in zip("ab", clients):
                client.track("track-played", {"trackId": track})
            for client in clients:
                client.close(0.05)
            collector = ScriptedCollector()
            last = open_client(collector, store=folder)
            self.assertTrue(last.flush(SOON))
            last.close()
            self.assertEqual(sorted(collector.tracks()), ["a", "b"])
            self.assertEqual(len({event["context"]["client"]["id"] for event in collector.delivered.values()}), 2)

    def test_PY10_what_the_disk_does_not_forget_takes_nothing_that_comes_later_with_it(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            store = Store(folder)
            events = [WaitingEvent(f"e{n}", "track-played", "{}", False, 3, n, 0) for n in (1, 2)]
            store.append(events[0])
            store._files[0].execute("create temp trigger full before delete on main.events begin select raise(abort, 'the disk is full'); end")
            with self.assertRaises(Exception):
                store.remove(events[:1])
            store.append(events[1])
            self.assertFalse(store._files[0].in_transaction)
            store.close()
            again = Store(folder)
            self.assertEqual([event.id for event in again.unsent], ["e1", "e2"])
            again.close()

    def test_PY11_kill_9_loses_nothing_that_track_returned_for(self) -> None:
        code = "import sys; sys.path.insert(0, sys.argv[1]); from scripted_collector import ScriptedCollector, down; from rondo import Rondo\nrondo = Rondo('http://x', 'wk', transport=ScriptedCollector(down), store=sys.argv[2], queue_limit=10**6)\ni = int(sys.argv[3])\nwhile True:\n    rondo.track('track-played', {'trackId': str(i)}, event_id=str(i))\n    print(i, flush=True)\n    i += 1\n"
        with tempfile.TemporaryDirectory() as folder:
            kept: List[int] = []
            for kill in range(5):
                child = subprocess.Popen([sys.executable, "-c", code, HERE, folder, str(kill * 100_000)], stdout=subprocess.PIPE, text=True)
                assert child.stdout
                for line in child.stdout:
                    if line.endswith("\n"):
                        kept.append(int(line))
                    if len(kept) % 100_000 >= 50 + kill * 70:
                        child.send_signal(signal.SIGKILL)
                child.wait()
                child.stdout.close()
            collector = ScriptedCollector()
            last = open_client(collector, store=folder, queue_limit=10**6)
            self.assertTrue(last.flush(SOON))
            last.close()
            self.assertEqual({str(i) for i in kept} - set(collector.delivered), set())
            marks = [(event["context"]["client"]["id"], event["context"]["client"]["sequence"]) for event in collector.delivered.values()]
            self.assertEqual(len(set(marks)), len(marks))
            self.assertEqual({sequence for _, sequence in marks}, set(range(1, len(marks) + 1)))

    @unittest.skipUnless(hasattr(os, "fork"), "no fork here")
    def test_PY12_a_child_sends_its_own_events_only(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            collector = ScriptedCollector()
            rondo = open_client(collector, store=os.path.join(folder, "queue"), flush_after=3600)
            rondo.track("track-played", {"trackId": "parent"})
            report = os.path.join(folder, "child")
            child = os.fork()
            if child == 0:
                try:
                    rondo.track("track-played", {"trackId": "child"})
                    rondo.close(SOON)
                    mark = next(iter(collector.delivered.values()))["context"]["client"]
                    with open(report, "w") as file:
                        file.write(f"{collector.tracks()} {mark['sequence']} {mark['id']}")
                finally:
                    os._exit(0)
            os.waitpid(child, 0)
            with open(report) as file:
                tracks, sequence, client = file.read().rsplit(" ", 2)
            self.assertEqual((tracks, sequence), ("['child']", "1"))
            self.assertTrue(rondo.flush(SOON))
            rondo.close()
            self.assertEqual(collector.tracks(), ["parent"])
            self.assertNotEqual(collector.delivered.popitem()[1]["context"]["client"]["id"], client)


if __name__ == "__main__":
    unittest.main()
