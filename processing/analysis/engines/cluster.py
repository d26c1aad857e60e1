"""Pieces of work for the workers of a Dask cluster, which need Python, numpy, scipy and distributed, and nothing of us.

The modules of ``analysis`` are sent as sources under a name made from their content, so that a worker never mixes two
versions of them; one with a kernel may import nothing but numpy, scipy and its neighbours. Dask gives the work of a
worker that vanished to another.
"""

from __future__ import annotations

import hashlib
import pkgutil
import tempfile
import time
import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from threading import Thread
from types import FunctionType
from typing import NamedTuple

from ....layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..pairs import Near
from ..parcels import answer, opened, wrapped
from ..ways import CrowFly

HOME = Path(__file__).resolve().parents[1]
PACKAGE = __name__.rpartition(".engines.")[0]
# Seconds: to reach the scheduler, between two looks at whoever asks to stop, and without any worker.
ANSWER_WITHIN, LOOK, ALONE = 10.0, 0.1, 30.0
AHEAD = 2
"""Pieces on their way for each thread of the workers: it never waits, and little lies in memory."""


class DaskMissingError(TisserandError):
    """A scheduler was named, but there is no Dask to speak to it with."""

    def __init__(self):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "A Dask cluster was named, but the Python package distributed is missing: install it "
                "(Debian, Ubuntu: apt install python3-distributed), or leave the address empty to work on this "
                "machine.",
            )
        )


class ClusterUnreachableError(TisserandError):
    """Nobody answers at the address, or no scheduler of Dask."""

    def __init__(self, address: str, cause: object):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "No Dask scheduler answered at “{address}” ({cause}): check the address (host:port, by default port "
                "8786) and the network, or leave it empty to work on this machine.",
            ),
            address=address,
            cause=cause,
        )


class WorkersMissingError(TisserandError):
    """The scheduler is there, but nobody works for it."""

    def __init__(self, address: str):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The Dask scheduler at “{address}” has no worker: start some, or leave the address empty to work on "
                "this machine.",
            ),
            address=address,
        )


class ClusterFailedError(TisserandError):
    """The work failed there; nothing of it is kept."""

    def __init__(self, address: str, cause: object):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The Dask cluster at “{address}” could not do the work ({cause}): look at its memory and its logs, or "
                "leave the address empty to work on this machine.",
            ),
            address=address,
            cause=cause,
        )


class Sent:
    """A function of one of the modules that are sent: on the other side, that of the module there."""

    def __init__(self, package: str, function: FunctionType):
        home, _, module = function.__module__.rpartition(".")
        if home != PACKAGE:
            raise ValueError(f"{function.__module__}.{function.__qualname__} is not sent to workers")
        self._where = f"{package}.{module}:{function.__qualname__}"

    def __call__(self, *given):
        raise NotImplementedError("called on the other side only")

    def __reduce__(self):
        return pkgutil.resolve_name, (self._where,)


class Cluster:
    """An engine (see ``pairs.Engine``): a Dask cluster that answers and has our modules; made by ``reached``."""

    def __init__(self, address: str, client, package: str, alone: float):
        self._address, self._client, self._package, self._alone = address, client, package, alone

    def map(
        self, function: Callable[..., object], jobs: Iterable[tuple], check: Callable[[], None]
    ) -> Iterator[object]:
        """See ``pairs.Engine``; raises WorkersMissingError or ClusterFailedError."""
        there, jobs, under_way = Sent(self._package, answer), iter(jobs), deque()
        ahead = AHEAD * max(self._threads(check), 1)
        try:
            while True:
                for job in islice(jobs, ahead - len(under_way)):
                    check()
                    sent = (self._sendable(function), self._sendable(wrapped(job)))
                    under_way.append(self._client.submit(there, *sent, pure=False))
                if not under_way:
                    return
                result = self._patiently(under_way[0].result, self._looking(check))
                under_way.popleft()
                yield opened(result)
        finally:
            if under_way and self._client.status == "running":
                self._client.cancel(list(under_way))

    def _looking(self, check: Callable[[], None]) -> Callable[[], None]:
        """Return a check that also looks, now and then, whether there is still a worker."""
        seen = time.monotonic()

        def look():
            nonlocal seen
            check()
            if time.monotonic() - seen > self._alone:
                if not self._threads(check):
                    raise WorkersMissingError(self._address)
                seen = time.monotonic()

        return look

    def _threads(self, check: Callable[[], None]) -> int:
        return sum(self._patiently(self._client.nthreads, check).values())

    def _patiently(self, function: Callable[[], object], check: Callable[[], None]) -> object:
        from dask.distributed import CancelledError as Lost

        try:
            return patiently(function, check)
        except TisserandError:
            raise
        except (Exception, Lost) as error:  # whatever a worker raised comes back as it is
            raise ClusterFailedError(self._address, _one_line(error)) from error

    def _sendable(self, value: object) -> object:
        if type(value) is tuple:
            return tuple(map(self._sendable, value))
        return Sent(self._package, value) if isinstance(value, FunctionType) else value


class ByCluster(NamedTuple):
    """Ways as the crow flies (see ``ways.Ways``) whose pairs are searched and worked on by a cluster."""

    ways: CrowFly
    cluster: Cluster

    def near(self, origins, places, reach, check=lambda: None) -> Near:
        """Return the pairs no further apart than ``reach`` minutes."""
        minutes = self.ways.minutes_per_metre()
        return Near(origins, places, self.metres(reach), per_metre=minutes, check=check, engine=self.cluster)

    def nearest(self, origins, places):
        """Return the position of the nearest place and its minutes, however far."""
        return self.ways.nearest(origins, places)

    def metres(self, reach: float) -> float:
        """Return the crow-fly metres that so many minutes cover."""
        return self.ways.metres(reach)

    def straight(self, metres):
        """Return the minutes of so many crow-fly metres."""
        return self.ways.straight(metres)


@contextmanager
def reached(
    address: str, check: Callable[[], None] = lambda: None, within: float = ANSWER_WITHIN, alone: float = ALONE
) -> Iterator[Cluster]:
    """Give the cluster of a scheduler, ``host:port`` or with ``tcp://`` or ``tls://`` before it.

    ``check`` is called twice a second at least, and may raise; an answer is waited for ``within`` so many seconds, and
    so many ``alone`` without any worker are borne. Raises DaskMissingError, ClusterUnreachableError or
    ClusterFailedError.
    """
    try:
        from dask.distributed import Client
    except ImportError as error:
        raise DaskMissingError from error

    try:
        client = patiently(lambda: Client(address, timeout=within, set_as_default=False), check, Client.close)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterUnreachableError(address, _one_line(error)) from error
    try:
        with tempfile.TemporaryDirectory() as folder:
            package = packed(Path(folder))
            cluster = Cluster(address, client, package.stem, alone)
            cluster._patiently(lambda: client.upload_file(str(package)), check)
        yield cluster
    finally:
        client.close(timeout=1)


def packed(folder: Path) -> Path:
    """Write the modules that workers need into a zip in a folder and return it; its name is that of the package."""
    sources = {path.name: path.read_bytes() for path in sorted(HOME.glob("*.py"))}
    package = "tisserand_" + hashlib.sha256(b"".join(sources.values())).hexdigest()[:16]
    path = folder / f"{package}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, source in sources.items():
            archive.writestr(f"{package}/{name}", source)
    return path


def patiently(
    function: Callable[[], object], check: Callable[[], None], forget: Callable[[object], object] = lambda result: None
) -> object:
    """Return what a function returns that may take its time, and call ``check`` meanwhile, which may raise.

    Then the function is left to end by itself, and ``forget`` gets what it returns.
    """
    answer: Future = Future()

    def run():
        try:
            answer.set_result(function())
        except BaseException as error:
            answer.set_exception(error)

    Thread(target=run, daemon=True).start()
    try:
        while not wait([answer], timeout=LOOK).done:
            check()
    except BaseException:
        answer.add_done_callback(lambda late: late.exception() or forget(late.result()))
        raise
    return answer.result()


def _one_line(error: BaseException) -> str:
    return " ".join(f"{error}".split()) or type(error).__name__
