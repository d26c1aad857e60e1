"""The conversation with a BAN geocoder: batches, one by one where it has none, patience where it asks for it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from .addresses import Attempt
from .answers import Candidate
from .batches import FORM, batch_body, read_batch, read_single, single_query
from .faults import (
    NoGeocoderError,
    SecretInAddressError,
    ServiceBusyError,
    ServiceFailsError,
    ServiceRefusesError,
    UnreadableAnswerError,
    UnsafeServiceError,
)
from .resume import KeptAnswers

# Small enough for an answer within seconds, and for little to be asked again after a failure.
BATCH = 200
# Seconds between two single addresses: half of what the Géoplateforme takes from one computer (50 a second).
PAUSE = 0.04
# Seconds before each new try when a service fails; asked to slow down, when it does not say for how long.
DELAYS = (1, 2, 4, 8)
SLOW_DOWN = 5
LONGEST_WAIT = 120
MOST_WAITS = 10
OK, TOO_MANY = 200, 429
NO_SUCH_PLACE = (404, 405, 501)
NOT_ALLOWED = (401, 403, 407)
TOO_MUCH = (400, 413, 414, 422)
LOOPBACK_NAMES = ("localhost",)


class Reply(NamedTuple):
    """What came back: ``status`` is 0 when nothing did and ``fault`` says why; names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    fault: str = ""


class Line(Protocol):
    """How requests travel; both methods may raise CancelledError."""

    def post(self, address: str, kind: str, body: bytes) -> Reply:
        """Send a body of that content type."""

    def get(self, address: str) -> Reply:
        """Ask for an address."""


def service_address(text: str) -> str:
    """Return the address of a service without what we add to it; raises when addresses would not be safe on the way."""
    # Written out where the parser of addresses would stumble.
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise UnsafeServiceError(text.strip().rpartition("@")[2]) from None
    if parts.username or parts.password or parts.query or parts.fragment:
        raise SecretInAddressError(host)
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))):
        raise UnsafeServiceError(text.strip())
    name = f"[{host}]" if ":" in host else host
    path = re.sub(r"/(?:search(?:/csv)?/?)?$", "", parts.path)
    return f"{parts.scheme}://{name}{f':{port}' if port else ''}{path}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK_NAMES


class Geocoder:
    """A BAN geocoder at a safe address (``service_address``).

    ``wait`` takes seconds and raises CancelledError when the user stops; ``refused`` holds what the service would
    not even look at.
    """

    def __init__(self, address: str, line: Line, kept: KeptAnswers, wait: Callable[[float], None]):
        self.address = address
        self.refused: set[Attempt] = set()
        self._line = line
        self._kept = kept
        self._wait = wait
        self._batch_paths = ["/search/csv/", "/search/csv"]

    def ask(self, attempts: Iterable[Attempt], told: Callable[[int], None] = lambda count: None) -> None:
        """Have every attempt answered (``answer``) or refused; ``told`` is called with how many more are settled."""
        waiting = [attempt for attempt in dict.fromkeys(attempts) if not self._settled(attempt)]
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            self._ask_batch(batch)
            told(len(batch))

    def answer(self, attempt: Attempt) -> Candidate | None:
        """Return what the service answered, None when it found nothing, or refused."""
        return None if attempt in self.refused else self._kept[attempt]

    def _settled(self, attempt: Attempt) -> bool:
        return attempt in self.refused or attempt in self._kept

    def _ask_batch(self, batch: Sequence[Attempt]) -> None:
        while self._batch_paths:
            address = self.address + self._batch_paths[0]
            reply, found = self._patiently(
                lambda address=address: self._line.post(address, FORM, batch_body(batch)),
                lambda body: read_batch(body, batch),
            )
            if reply.status in NO_SUCH_PLACE:
                del self._batch_paths[0]
            elif reply.status in TOO_MUCH:
                self._halve(batch)
                return
            else:
                self._kept.keep(dict(zip(batch, found)))
                return
        for attempt in batch:
            self._ask_single(attempt)

    def _halve(self, batch: Sequence[Attempt]) -> None:
        """Ask in two parts what was too much at once, so that one bad address does not cost the others."""
        if len(batch) == 1:
            self._ask_single(batch[0])
            return
        middle = len(batch) // 2
        self._ask_batch(batch[:middle])
        self._ask_batch(batch[middle:])

    def _ask_single(self, attempt: Attempt) -> None:
        self._wait(PAUSE)
        address = f"{self.address}/search/{single_query(attempt)}"
        reply, found = self._patiently(lambda: self._line.get(address), read_single)
        if reply.status in NO_SUCH_PLACE:
            raise NoGeocoderError(self.address, UnreadableAnswerError(f"HTTP {reply.status}"))
        if reply.status in TOO_MUCH:
            self.refused.add(attempt)
        else:
            self._kept.keep({attempt: found})

    def _patiently(self, send: Callable[[], Reply], read: Callable[[bytes], object]) -> tuple[Reply, object]:
        """Return the reply, and what it says when it is OK; raises when waiting and trying again did not help."""
        delays, waits = list(DELAYS), 0
        while True:
            reply = send()
            cause = reply.fault or f"HTTP {reply.status}"
            spoilt = None
            if reply.status == OK:
                try:
                    return reply, read(reply.body)
                except UnreadableAnswerError as error:
                    spoilt = error
            elif reply.status in (*NO_SUCH_PLACE, *TOO_MUCH):
                return reply, None
            elif reply.status in NOT_ALLOWED:
                raise ServiceRefusesError(self.address, reply.status)
            elif reply.status == TOO_MANY:
                waits += 1
                seconds = retry_after(reply.headers.get("retry-after", ""))
                if seconds > LONGEST_WAIT or waits > MOST_WAITS:
                    raise ServiceBusyError(self.address, seconds)
                self._wait(seconds)
                continue
            # An answer cut on its way may arrive whole at the second try; a web page stays one.
            if spoilt and len(delays) < len(DELAYS):
                raise NoGeocoderError(self.address, spoilt)
            if not delays:
                raise ServiceFailsError(self.address, cause)
            self._wait(delays.pop(0))


def retry_after(value: str, now: datetime | None = None) -> float:
    """Return the seconds that a Retry-After header asks for, written as seconds or as a date."""
    value = value.strip()
    if re.fullmatch(r"\d+(?:\.\d+)?", value, re.ASCII):
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return SLOW_DOWN
    until = until if until.tzinfo else until.replace(tzinfo=timezone.utc)
    return max(0.0, (until - (now or datetime.now(timezone.utc))).total_seconds())
