"""Unsent events in SQLite files of a folder: a transaction each before ``track`` returns, so that kill -9 loses none.

FOLDER/queue-N.sqlite is held by one client at a time: SQLite's own lock, which ends with the process. Whoever starts takes
the first that is free as its own, and sends what the other free ones hold. The folder belongs to one machine.
"""

from __future__ import annotations

import os
import sqlite3
import uuid
from typing import List, Optional, Tuple

from .event import WaitingEvent

FILES = 64


class Store:
    def __init__(self, folder: str) -> None:
        os.makedirs(folder, exist_ok=True)
        self._files: List[sqlite3.Connection] = []
        self.unsent: List[WaitingEvent] = []
        #: Files that were damaged.
        self.cleared: List[str] = []
        self.client_id = ""
        self.sequence = 0
        for number in range(FILES):
            path = os.path.join(folder, f"queue-{number}.sqlite")
            if self._files and not os.path.exists(path):
                break
            try:
                self._take(hold(path))
            except sqlite3.DatabaseError as thrown:
                if isinstance(thrown, sqlite3.OperationalError):
                    raise
                # No SQLite any more, so nobody has it: it would take the place of a queue for ever.
                for end in ("", "-wal", "-shm"):
                    if os.path.exists(path + end):
                        os.remove(path + end)
                self.cleared.append(path)
                self._take(hold(path))
        if not self._files:
            raise OSError(f'All {FILES} queue files of "{folder}" are held by running processes.')

    def _take(self, file: Optional[sqlite3.Connection]) -> None:
        if file is None:
            return
        number = len(self._files)
        unsent: List[WaitingEvent] = []
        for sequence, id, type, text, says_sent in file.execute("select n, id, type, text, says_sent from events order by n"):
            unsent.append(WaitingEvent(id, type, text, bool(says_sent), len(text.encode("utf-8")) + 1, sequence, number))
        if number == 0:
            self.client_id = file.execute("select id from client").fetchone()[0]
            last = file.execute("select seq from sqlite_sequence where name = 'events'").fetchone()
            self.sequence = last[0] if last else 0
        self._files.append(file)
        self.unsent.extend(unsent)

    def append(self, event: WaitingEvent) -> None:
        """``event.sequence`` is its key; the number is never given again, also when the event is gone."""
        self._files[0].execute("insert into events values (?, ?, ?, ?, ?)", (event.sequence, event.id, event.type, event.text, event.says_sent))

    def remove(self, events: List[WaitingEvent]) -> None:
        for number in {event.file for event in events}:
            file = self._files[number]
            keys: List[Tuple[int]] = [(event.sequence,) for event in events if event.file == number]
            file.execute("begin")
            try:
                file.executemany("delete from events where n = ?", keys)
                file.execute("commit")
            except Exception:
                # Left open, it would take all that is kept from now on, and lose it with the process.
                if file.in_transaction:
                    file.execute("rollback")
                raise

    def close(self) -> None:
        for file in self._files:
            file.close()


def hold(path: str) -> Optional[sqlite3.Connection]:
    """None: another client has it."""
    file = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        file.execute("pragma locking_mode = exclusive")
        file.execute("pragma journal_mode = wal")
        # A process may be killed; a machine that loses power may lose seconds.
        file.execute("pragma synchronous = normal")
        file.execute("begin immediate")
        file.execute("create table if not exists events (n integer primary key autoincrement, id text not null, type text not null, text text not null, says_sent integer not null)")
        file.execute("create table if not exists client (only integer primary key check (only = 1), id text not null)")
        file.execute("insert or ignore into client values (1, ?)", (str(uuid.uuid4()),))
        file.execute("commit")
        return file
    except sqlite3.DatabaseError as thrown:
        file.close()
        if "locked" in str(thrown) or "busy" in str(thrown):
            return None
        raise
