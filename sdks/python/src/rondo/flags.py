"""Flags over OFREP, the OpenFeature Remote Evaluation Protocol. Using a value is the exposure, told once for each flag, variant and unit."""

from __future__ import annotations

import json
import threading
from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional, Set, Tuple, TypeVar
from urllib.parse import quote

from .transport import Transport

T = TypeVar("T")

#: Exposures remembered; beyond it they are forgotten and may be told again, which changes no first exposure.
EXPOSURES_KEPT = 10_000


class FlagDetails(NamedTuple):
    value: Any
    variant: Optional[str]
    reason: str
    rule: Optional[str]
    error_code: Optional[str] = None


class Flags:
    def __init__(self, url: str, secret: str, transport: Transport, timeout: float, expose: Callable[[Dict[str, str]], None]) -> None:
        self._url = url
        self._secret = secret
        self._transport = transport
        self._timeout = timeout
        self._expose = expose
        self._told: Set[Tuple[str, str, str, str]] = set()
        self._lock = threading.Lock()

    def value(self, key: str, otherwise: T, *, targeting_key: Optional[str] = None, attributes: Optional[Mapping[str, Any]] = None) -> T:
        """The flag's value, or ``otherwise`` when it has none, is unknown, has another type or does not answer. Never raises."""
        value: T = self.details(key, otherwise, targeting_key=targeting_key, attributes=attributes).value
        return value

    def details(self, key: str, otherwise: Any, *, targeting_key: Optional[str] = None, attributes: Optional[Mapping[str, Any]] = None) -> FlagDetails:
        context: Dict[str, Any] = {**(attributes or {}), **({} if targeting_key is None else {"targetingKey": targeting_key})}
        answer = self._evaluate(key, context)
        metadata = answer.get("metadata")
        rule = metadata.get("rule") if isinstance(metadata, dict) and isinstance(metadata.get("rule"), str) else None
        if answer.get("errorCode"):
            return FlagDetails(otherwise, None, "ERROR", rule, answer["errorCode"])
        if "value" not in answer:
            return FlagDetails(otherwise, None, answer.get("reason", "DEFAULT"), rule)
        value, variant = answer["value"], answer.get("variant")
        if not is_like(value, otherwise):
            return FlagDetails(otherwise, None, "ERROR", rule, "TYPE_MISMATCH")
        if targeting_key and variant and rule:
            self._tell(key, variant, targeting_key, rule)
        return FlagDetails(value, variant, answer.get("reason", "UNKNOWN"), rule)

    def _evaluate(self, key: str, context: Dict[str, Any]) -> Dict[str, Any]:
        headers = {"content-type": "application/json", "authorization": f"Bearer {self._secret}"}
        try:
            body = json.dumps({"context": context}).encode("utf-8")
            status, _, text = self._transport("POST", f"{self._url}/ofrep/v1/evaluate/flags/{quote(key, safe='')}", headers, body, self._timeout)
            answer = json.loads(text) if status in (200, 400, 404) else None
            return answer if isinstance(answer, dict) else {"errorCode": f"HTTP_{status}"}
        except Exception:  # noqa: BLE001 - a flag that does not answer has its default
            return {"errorCode": "UNREACHABLE"}

    def _tell(self, flag: str, variant: str, unit: str, rule: str) -> None:
        exposure = (flag, variant, unit, rule)
        with self._lock:
            if exposure in self._told:
                return
            if len(self._told) >= EXPOSURES_KEPT:
                self._told.clear()
            self._told.add(exposure)
        self._expose({"flag": flag, "variant": variant, "unit": unit, "rule": rule})


def is_like(value: Any, otherwise: Any) -> bool:
    """The same kind of value; a default of None takes any. ``True`` is no number."""
    if otherwise is None:
        return True
    for kind in (bool, (int, float), str, list, dict):
        if isinstance(otherwise, kind):
            return isinstance(value, kind) and isinstance(value, bool) == isinstance(otherwise, bool)
    return False
