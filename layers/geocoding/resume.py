"""The answers had so far, on disk: a geocoding that was cut short sends only the rest when it is run again."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from .addresses import Attempt
from .answers import Candidate
from .faults import ForeignResumeError

_HEAD = {"tisserand": "geocodage", "version": 1}


class KeptAnswers:
    """Answers of one service by what was asked, kept in a file of JSON lines (None: in memory alone).

    A question is kept as a fingerprint; an answer, with the address it found, in clear. The file is the user's alone.
    """

    def __init__(self, service: str, path: Path | None = None):
        self.path = path
        self._service = service
        self._answers: dict[str, Candidate | None] = {}
        if path is not None and path.exists() and path.stat().st_size:
            self._load(path)

    def __contains__(self, attempt: Attempt) -> bool:
        return self._key(attempt) in self._answers

    def __getitem__(self, attempt: Attempt) -> Candidate | None:
        return self._answers[self._key(attempt)]

    def keep(self, answers: dict[Attempt, Candidate | None]) -> None:
        """Add answers, on the disk when this returns."""
        keyed = {self._key(attempt): candidate for attempt, candidate in answers.items()}
        self._answers.update(keyed)
        if self.path is None or not keyed:
            return
        fresh = not self.path.exists() or not self.path.stat().st_size
        lines = [json.dumps(_HEAD)] if fresh else [""] if not _ends_with_newline(self.path) else []
        lines += [json.dumps({"cle": key, "reponse": found}, ensure_ascii=False) for key, found in keyed.items()]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Others who use this computer have no business with it.
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with open(descriptor, "a", encoding="utf-8", newline="\n") as file:  # noqa: PTH123 - of a descriptor
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def discard(self) -> None:
        """Take the file away, its work being done."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    def _load(self, path: Path) -> None:
        lines = path.read_bytes().split(b"\n")
        if _parsed(lines[0]) != _HEAD:
            raise ForeignResumeError(path)
        for line in lines[1:]:
            # A line cut by a crash is one answer less, to be asked again.
            entry = _parsed(line)
            if not isinstance(entry, dict) or not {"cle", "reponse"} <= entry.keys():
                continue
            answer = entry["reponse"]
            if answer is None or (isinstance(answer, list) and len(answer) == len(Candidate._fields)):
                self._answers[entry["cle"]] = None if answer is None else Candidate(*answer)

    def _key(self, attempt: Attempt) -> str:
        return hashlib.sha256("\n".join((self._service, *attempt)).encode()).hexdigest()


def _parsed(line: bytes) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
