"""Sends to a real collector: ``python against_collector.py URL WRITE_KEY``. Prints what became of each event, as JSON."""

from __future__ import annotations

import json
import sys
import time
from typing import List

from rondo import EventResult, Rondo

url, write_key = sys.argv[1:]
results: List[EventResult] = []
#: An hour slow: the collector has to find out.
rondo = Rondo(url, write_key, on_result=results.append, clock=lambda: time.time() - 3600)
for i in range(120):
    rondo.track("track-saved", {"trackId": f"t{i}", "artistId": "a", "source": "radio"}, user_id="ines", event_id=f"py-{i}")
rondo.flush(30)
rondo.track("track-saved", {"trackId": "t0", "artistId": "a", "source": "radio"}, user_id="ines", event_id="py-0")
rondo.track("track-saved", {"trackId": 7}, event_id="py-dead")
rondo.close(30)
print(json.dumps([[result.id, result.status, result.reason] for result in results]))
