"""The SDK's one error."""

from __future__ import annotations

from typing import Optional


class RondoError(Exception):
    """``code`` is for programs; ``count`` says how many events it is about, where that is more than a word."""

    def __init__(self, code: str, message: str, *, status: Optional[int] = None, count: Optional[int] = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.count = count
