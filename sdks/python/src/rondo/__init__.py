"""Events out, flags in. Standard library only."""

from .client import Rondo
from .error import RondoError
from .flags import FlagDetails, Flags
from .result import EventResult

__all__ = ["EventResult", "FlagDetails", "Flags", "Rondo", "RondoError"]
