"""The same access by workers of a real Dask cluster on this machine, also when they are killed at work."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import geopandas
import numpy as np
import pytest

from tisserand.layers.errors import CancelledError
from tisserand.processing.analysis.catchment import Eligible, access
from tisserand.processing.analysis.coverage import Settings, coverage_gaps
from tisserand.processing.analysis.engines import cluster
from tisserand.processing.analysis.pairs import Near
from tisserand.processing.analysis.ways import CrowFly

pytest.importorskip("distributed", reason="Dask lives in build/oracles: make test-oracles")

DASK = Path(sys.executable).with_name("dask")
BOUND = 60
RADIUS = 20_000.0


def wait_for(condition):
    """Wait until something is so; fail when it does not come about in time."""
    end = time.monotonic() + BOUND
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


class Machines:
    """A scheduler and its workers: processes of their own, in a folder from which our package cannot be found."""

    def __init__(self, folder):
        self.folder, self.running = folder, []
        self.environment = {**os.environ, "OMP_NUM_THREADS": "1"} | {"DASK_DISTRIBUTED__ADMIN__LOG_LENGTH": "10"}
        self.environment.pop("PYTHONPATH", None)
        self.where = folder / "scheduler.json"
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", self.where)
        wait_for(lambda: self.where.exists() and self.where.read_text(encoding="utf-8").rstrip().endswith("}"))
        self.address = json.loads(self.where.read_text(encoding="utf-8"))["address"]

    def worker(self):
        words = ("--nthreads", "1", "--no-nanny", "--host", "127.0.0.1", "--local-directory", self.folder)
        return self._start("worker", self.address, *words)

    def _start(self, *words):
        with (self.folder / f"{len(self.running)}.log").open("wb") as log:
            command = [DASK, *words, "--no-dashboard"]
            process = subprocess.Popen(
                command, cwd=self.folder, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        self.running.append(process)
        return process

    def end(self):
        for process in reversed(self.running):
            process.kill()
            process.wait()


@pytest.fixture
def machines(tmp_path):
    started = Machines(tmp_path)
    yield started
    started.end()


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory):
    started = Machines(tmp_path_factory.mktemp("cluster"))
    started.worker()
    started.worker()
    yield started
    started.end()


def town(needs=600, actors=4000, side=120_000):
    random = np.random.default_rng(7)
    left, right = random.uniform(0, side, (needs, 2)), random.uniform(0, side, (actors, 2))
    # Some stand at one place, and some at exactly the reach of another.
    left[:20], right[:5] = left[0], left[0] + [12_000, 16_000]
    people, capacity = random.integers(1, 99, needs).astype(float), random.integers(0, 50, actors).astype(float)
    eligible = Eligible(
        random.integers(0, 3, needs), random.integers(0, 2, actors), np.array([[1, 0], [1, 1], [0, 1]], bool)
    )
    return left, right, people, capacity, eligible


def of(town, engine=None, check=lambda: None, progress=lambda share: None, tile=5_000):
    left, right, people, capacity, eligible = town
    near = Near(left, right, RADIUS, tile=tile, engine=engine, check=check)
    return access(near, RADIUS, people, capacity, eligible=eligible, progress=progress)


def same(one, other):
    return all(np.array_equal(mine, theirs, equal_nan=True) for mine, theirs in zip(one, other))


def test_two_workers_that_do_not_have_the_plugin_give_the_very_same_access(two_workers):
    from distributed import Client

    with Client(two_workers.address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=BOUND)
        found = client.run(lambda: __import__("importlib.util").util.find_spec("tisserand") is None)
    assert list(found.values()) == [True, True]
    shares = []
    with cluster.reached(two_workers.address) as engine:
        assert same(of(town(), engine, progress=shares.append), of(town()))
    assert len(shares) > 40
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
    assert max(np.diff(shares)) < 0.05


def test_the_result_is_the_same_when_a_worker_is_killed_with_work_in_its_hands(machines):
    from distributed import Client

    victim, lost = machines.worker(), []
    with Client(machines.address, set_as_default=False) as client:
        client.wait_for_workers(1, timeout=BOUND)
        (address,) = client.nthreads()
        machines.worker()
        client.wait_for_workers(2, timeout=BOUND)

        def kill(share):
            if share < 0.3 or lost:
                return
            victim.send_signal(signal.SIGSTOP)
            lost.extend(client.processing()[address])
            victim.send_signal(signal.SIGKILL if lost else signal.SIGCONT)

        with cluster.reached(machines.address) as engine:
            found = of(town(), engine, progress=kill)
    assert victim.wait(BOUND) == -signal.SIGKILL
    assert lost
    assert same(found, of(town()))


def test_a_worker_that_comes_later_gets_what_it_needs(machines):
    first = machines.worker()
    with cluster.reached(machines.address) as engine:
        wait_for(lambda: engine._threads(lambda: None) == 1)

        def replace(share):
            if share > 0.3 and first.poll() is None:
                machines.worker()
                first.kill()
                first.wait()

        assert same(of(town(), engine, progress=replace), of(town()))


def test_the_whole_analysis_is_the_same(two_workers):
    left, right, people, capacity, _ = town(200, 300)
    asked = {"themes": np.resize(["feed", "house", "care"], 200), "publics": np.resize(["", "jeunes"], 200)}
    offered = {"themes": np.resize(["feed", "house|care"], 300), "publics": np.resize(["", "femmes"], 300)}
    needs, actors = (
        geopandas.GeoDataFrame(columns, geometry=geopandas.points_from_xy(*where.T), crs=2154)
        for columns, where in ((asked | {"count": people}, left), (offered | {"capacity": capacity}, right))
    )
    settings = Settings(robustness=True)
    expected = coverage_gaps(needs, actors, settings)
    with cluster.reached(two_workers.address) as engine:
        found = coverage_gaps(needs, actors, settings._replace(ways=cluster.ByCluster(CrowFly(), engine)))
    assert found.rows.equals(expected.rows)


def test_whoever_stops_leaves_no_work_behind(two_workers):
    from distributed import Client

    shares = []

    def stop():
        if shares and shares[-1] > 0.1:
            raise CancelledError

    with Client(two_workers.address, set_as_default=False) as client:
        with cluster.reached(two_workers.address) as engine, pytest.raises(CancelledError):
            of(town(), engine, check=stop, progress=shares.append)
        wait_for(lambda: not any(client.processing().values()))
        wait_for(lambda: not any(client.has_what().values()))
    assert shares[-1] < 0.3


def test_a_stop_is_heard_while_the_scheduler_does_not_answer(two_workers):
    calls = []

    def stop():
        calls.append(1)
        if len(calls) == 3:
            raise CancelledError

    with pytest.raises(CancelledError), cluster.reached("127.0.0.1:9", check=stop):
        pass
    assert len(calls) == 3


@pytest.mark.parametrize("address", ["127.0.0.1:9", "127.0.0.1", "pas une adresse", "udp://127.0.0.1:8786"])
def test_a_wrong_address_is_named_with_a_cure(address):
    unreachable = pytest.raises(cluster.ClusterUnreachableError, match="leave it empty")
    with unreachable as caught, cluster.reached(address, within=1):
        pass
    assert f"“{address}”" in str(caught.value)


def test_a_scheduler_without_workers_is_not_waited_for_for_ever(machines):
    missing = pytest.raises(cluster.WorkersMissingError, match="has no worker")
    with cluster.reached(machines.address, alone=0.5) as engine, missing:
        of(town(), engine)


def test_losing_all_workers_or_the_scheduler_ends_in_a_sentence(machines):
    worker = machines.worker()
    with cluster.reached(machines.address, alone=0.5) as engine, pytest.raises(cluster.WorkersMissingError):
        of(town(), engine, progress=lambda share: share < 0.1 or worker.kill())
    machines.worker()
    failed = pytest.raises(cluster.ClusterFailedError, match="could not do the work")
    with cluster.reached(machines.address) as engine, failed:
        of(town(), engine, progress=lambda share: share < 0.1 or machines.running[0].kill())


def test_a_fault_of_the_work_itself_ends_in_a_sentence(two_workers):
    left, right, *_ = town()
    with cluster.reached(two_workers.address) as engine, pytest.raises(cluster.ClusterFailedError):
        access(Near(left, right, RADIUS, engine=engine), RADIUS, np.ones(len(left)), None, decay=np.linalg.inv)
