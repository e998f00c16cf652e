"""Events on their way, with a time that is only a number."""

from __future__ import annotations

import json
import unittest
from typing import Any, List

from rondo.delivery import Delivery, DeliveryOptions
from rondo.error import RondoError
from rondo.event import write_event
from rondo.result import EventResult
from rondo.transport import post_batch
from scripted_collector import ScriptedCollector, down

START = 1_790_000_000.0


class Scene:
    def __init__(self, collector: ScriptedCollector, **options: Any) -> None:
        self.now = START
        self.results: List[EventResult] = []
        self.errors: List[RondoError] = []
        self.tries_at: List[float] = []
        given: Any = dict(flush_at=100, flush_bytes=262_144, flush_after=2.0, queue_limit=10_000, queue_bytes=16_777_216, random=lambda: 1.0, on_result=self.results.append, on_error=self.errors.append)

        def post(batch: Any, body: bytes, now: float) -> Any:
            self.tries_at.append(now - START)
            return post_batch(collector, "http://rondo.test", "wk", batch, body, 30, now)

        self.delivery = Delivery(post, DeliveryOptions(**{**given, **options}), None)

    def track(self, track: str, **more: Any) -> None:
        fields = {"id": f"id-{track}", "type": "track-played", "occurredAt": "2026-09-21T14:13:20.000Z", "properties": {"trackId": track, **more}}
        self.delivery.add(write_event(fields, False), self.now)
        self.delivery.tell_untold()

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while True:
            pause = self.delivery.step(self.now)
            if pause <= 0:
                continue
            if self.now + pause > end:
                break
            self.now += pause
        self.now = end


class DeliveryTest(unittest.TestCase):
    def test_PY1_in_order_after_the_wait(self) -> None:
        collector = ScriptedCollector()
        scene = Scene(collector)
        for track in "abc":
            scene.track(track)
        scene.advance(1.9)
        self.assertEqual(collector.requests, [])
        scene.advance(0.2)
        self.assertEqual(collector.tracks(), ["a", "b", "c"])
        self.assertEqual(collector.requests[0]["headers"]["authorization"], "Bearer wk")
        self.assertEqual([result.status for result in scene.results], ["accepted"] * 3)

    def test_PY2_at_once_by_count_and_bytes(self) -> None:
        collector = ScriptedCollector()
        scene = Scene(collector, flush_at=3)
        for track in "abc":
            scene.track(track)
        scene.advance(0)
        self.assertEqual(len(collector.delivered), 3)
        scene = Scene(collector := ScriptedCollector(), flush_bytes=10_000)
        for i in range(40):
            scene.track(str(i), note="ö" * 500)
        scene.advance(0)
        self.assertGreater(len(collector.requests), 3)
        self.assertTrue(all(request["size_bytes"] <= 10_000 for request in collector.requests))
        self.assertEqual(collector.requests[0]["headers"]["content-encoding"], "gzip")

    def test_PY3_again_with_the_same_id(self) -> None:
        replies: List[Any] = [OSError("no network"), (503, {}, b""), (202, {}, b'{"results":[{"id'), (202, {}, b'{"results":[]}'), (200, {}, b"<html>"), (408, {}, b"")]

        def script(_: ScriptedCollector) -> Any:
            reply = replies.pop(0) if replies else None
            if isinstance(reply, OSError):
                raise reply
            return reply

        collector = ScriptedCollector(script)
        scene = Scene(collector)
        scene.track("a")
        scene.advance(120)
        self.assertEqual(scene.tries_at, [2, 2.5, 3.5, 5.5, 9.5, 17.5, 33.5])
        self.assertEqual({request["events"][0]["id"] for request in collector.requests}, {"id-a"})
        self.assertEqual([result.status for result in scene.results], ["accepted"])

    def test_PY4_full_jitter_and_retry_after(self) -> None:
        draws = [0.25, 0.0, 0.5]
        replies = [(500, {}, b""), (500, {}, b""), (500, {}, b""), (429, {"retry-after": "7"}, b""), (503, {"retry-after": "Mon, 21 Sep 2026 14:14:20 GMT"}, b"")]
        scene = Scene(ScriptedCollector(lambda _: replies.pop(0) if replies else None), random=lambda: draws.pop(0) if draws else 1.0)
        scene.track("a")
        scene.advance(120)
        self.assertEqual(scene.tries_at, [2, 2.125, 2.125, 3.125, 10.125, 60])

    def test_PY5_refused_for_good_and_dead(self) -> None:
        for status in (400, 413, 415, 422):
            collector = ScriptedCollector(lambda _: (status, {}, b'{"code":"NO"}'))
            scene = Scene(collector)
            scene.track("a")
            scene.advance(3600)
            self.assertEqual(len(collector.requests), 1)
            self.assertEqual((scene.results[0].status, scene.errors[0].code, scene.errors[0].count), ("dropped", f"HTTP_{status}", 1))
        dead = {"results": [{"id": "id-a", "status": "dead", "reason": "trackId is missing"}, {"id": "id-b", "status": "accepted"}]}
        collector = ScriptedCollector(lambda _: (202, {}, json.dumps(dead).encode()))
        scene = Scene(collector)
        scene.track("a")
        scene.track("b")
        scene.advance(3600)
        self.assertEqual(len(collector.requests), 1)
        self.assertEqual([(result.id, result.status) for result in scene.results], [("id-a", "dead"), ("id-b", "accepted")])
        self.assertEqual([(error.code, error.message) for error in scene.errors], [("EVENT_DEAD", "track-played id-a: trackId is missing")])

    def test_PY5_without_on_error_the_logger_is_told(self) -> None:
        scene = Scene(ScriptedCollector(lambda _: (401, {}, b'{"code":"WRITE_KEY_WRONG"}')), on_error=None)
        scene.track("a")
        with self.assertLogs("rondo", "WARNING") as told:
            scene.advance(10)
        self.assertEqual(len(told.records), 1)
        self.assertIn("HTTP_401", told.output[0])

    def test_PY18_an_answer_about_the_key_keeps_the_events_and_rests(self) -> None:
        for status in (401, 403, 404):
            mended: List[bool] = []
            collector = ScriptedCollector(lambda _: None if mended else (status, {}, b'{"code":"WRITE_KEY_WRONG"}'))
            scene = Scene(collector)
            scene.track("a")
            scene.advance(1800)
            scene.track("b")
            scene.advance(1000)
            self.assertEqual((len(collector.requests), scene.results, [error.code for error in scene.errors]), (1, [], [f"HTTP_{status}"]))
            self.assertIn("WRITE_KEY_WRONG", scene.errors[0].message)
            mended.append(True)
            scene.advance(1800)
            self.assertEqual(collector.tracks(), ["a", "b"])

    def test_PY19_too_large_goes_in_halves(self) -> None:
        def script(collector: ScriptedCollector) -> Any:
            events = collector.requests[-1]["events"]
            return (413, {}, b"") if len(events) > 3 or any(event["properties"]["trackId"] == "huge" for event in events) else None

        scene = Scene(collector := ScriptedCollector(script))
        for i in range(40):
            scene.track("huge" if i == 7 else str(i))
        scene.advance(60)
        self.assertEqual([result.id for result in scene.results if result.status != "accepted"], ["id-huge"])
        self.assertEqual((len(scene.results), [(error.code, error.count) for error in scene.errors]), (40, [("HTTP_413", 1)]))
        self.assertLess(len(collector.requests), 60)

    def test_PY20_bounded_in_bytes_too(self) -> None:
        scene = Scene(collector := ScriptedCollector(), queue_bytes=3500)
        for track in "abcd":
            scene.track(track, note="n" * 1000)
        scene.advance(2)
        self.assertEqual(collector.tracks(), ["b", "c", "d"])
        self.assertEqual((scene.results[0].id, scene.results[0].status), ("id-a", "dropped"))

    def test_PY6_bounded_oldest_go(self) -> None:
        collector = ScriptedCollector()
        scene = Scene(collector, queue_limit=3)
        for track in "abcde":
            scene.track(track)
        scene.advance(2)
        self.assertEqual(collector.tracks(), ["c", "d", "e"])
        self.assertEqual([(result.id, result.status) for result in scene.results[:2]], [("id-a", "dropped"), ("id-b", "dropped")])
        self.assertEqual([(error.code, error.count) for error in scene.errors], [("QUEUE_FULL", 2)])

    def test_PY7_hours_offline(self) -> None:
        back = START + 5 * 3600
        calls: List[int] = []

        def script(collector: ScriptedCollector) -> Any:
            if scene.now < back:
                return down(collector)
            calls.append(1)
            if len(calls) <= 2:
                # Taken, and the answer lost.
                collector.take(collector.requests[-1]["events"])
                return down(collector)
            return None

        collector = ScriptedCollector(script)
        scene = Scene(collector, random=lambda: 0.5)
        for i in range(1200):
            scene.track(str(i))
            if i % 10 == 0:
                scene.advance(60)
        self.assertLess(len(collector.requests), 600)
        scene.advance(back - scene.now + 600)
        self.assertEqual(collector.tracks(), [str(i) for i in range(1200)])
        self.assertGreater(collector.duplicates, 0)
        self.assertEqual(len({result.id for result in scene.results}), 1200)
        self.assertEqual([error.code for error in scene.errors], ["UNREACHABLE"])


if __name__ == "__main__":
    unittest.main()
