"""Flags by OFREP, and rows."""

from __future__ import annotations

import json
import unittest
from typing import Any, Dict, List, Tuple

from rondo import Rondo, RondoError


class Platform:
    def __init__(self, status: int, answer: Any) -> None:
        self.reply = (status, answer)
        self.exposures: List[Dict[str, Any]] = []
        self.asked: List[Tuple[str, Dict[str, str], Any]] = []

    def __call__(self, method: str, url: str, headers: Dict[str, str], body: Any, timeout: float) -> Any:
        if url.endswith("/v1/events"):
            events = json.loads(body)
            self.exposures.extend(events)
            return 202, {}, json.dumps({"results": [{"id": event["id"], "status": "accepted"} for event in events]}).encode()
        self.asked.append((url, headers, json.loads(body)))
        if self.reply[0] == 0:
            raise OSError("no network")
        return self.reply[0], {}, json.dumps(self.reply[1]).encode()


class FlagsTest(unittest.TestCase):
    def test_PY13_using_a_value_is_the_exposure_once(self) -> None:
        platform = Platform(200, {"key": "shelf", "value": {"list": "personal"}, "reason": "SPLIT", "variant": "personal", "metadata": {"rule": "test-1"}})
        with Rondo("http://x", "wk", client_secret="cs", transport=platform) as rondo:
            for unit in ("u", "u", "v"):
                self.assertEqual(rondo.flags.value("shelf", {"list": "popular"}, targeting_key=unit, attributes={"country": "SE"}), {"list": "personal"})
        self.assertEqual([(event["type"], event["userId"], event["properties"]["variant"]) for event in platform.exposures], [("flag-exposed", "u", "personal"), ("flag-exposed", "v", "personal")])
        url, headers, body = platform.asked[0]
        self.assertEqual((url, headers["authorization"], body), ("http://x/ofrep/v1/evaluate/flags/shelf", "Bearer cs", {"context": {"country": "SE", "targetingKey": "u"}}))

    def test_PY14_the_default_is_no_exposure(self) -> None:
        cases: List[Tuple[int, Any, Any]] = [
            (404, {"errorCode": "FLAG_NOT_FOUND"}, "FLAG_NOT_FOUND"),
            (200, {"reason": "DEFAULT", "variant": ""}, None),
            (200, {"value": 1, "variant": "x", "metadata": {"rule": "r"}}, "TYPE_MISMATCH"),
            (500, {}, "HTTP_500"),
            (0, None, "UNREACHABLE"),
        ]
        for status, answer, code in cases:
            platform = Platform(status, answer)
            with Rondo("http://x", "wk", transport=platform) as rondo:
                details = rondo.flags.details("shelf", True, targeting_key="u")
            self.assertEqual((details.value, details.error_code, platform.exposures), (True, code, []))

    def test_PY15_rows_of_a_select(self) -> None:
        platform = Platform(200, {"rows": [{"n": 1}]})
        with Rondo("http://x", "wk", token="reader", transport=platform) as rondo:
            self.assertEqual(rondo.read_sql("select ? as n", [1]), [{"n": 1}])
            platform.reply = (400, {"code": "SQL_WRONG", "detail": "no such table"})
            with self.assertRaises(RondoError) as caught:
                rondo.read_sql("select")
        self.assertEqual((caught.exception.code, caught.exception.status), ("SQL_WRONG", 400))
        self.assertEqual(platform.asked[0], ("http://x/api/pipelines/v1/sql", {"content-type": "application/json", "authorization": "Bearer reader"}, {"sql": "select ? as n", "params": [1]}))


if __name__ == "__main__":
    unittest.main()
