"""Our access against that of PySAL, which was written by others from the same papers."""

import numpy as np
import pytest

from tisserand.processing.analysis.catchment import DECAYS, access
from tisserand.processing.analysis.pairs import Near

pytest.importorskip("access", reason="PySAL access lives in build/oracles: make test-oracles")
pandas = pytest.importorskip("pandas")

RADIUS = 20_000.0


def pysal(needs, actors, people, capacity, weight):
    """Return PySAL's two-stage access of each need, from a plain table of all distances."""
    from access.fca import two_stage_fca

    metres = np.hypot(*(needs[:, None, :] - actors[None, :, :]).transpose(2, 0, 1))
    origin, destination = np.nonzero(metres <= RADIUS)
    found = two_stage_fca(
        demand_df=pandas.DataFrame({"demand": people}),
        supply_df=pandas.DataFrame({"supply": capacity}),
        cost_df=pandas.DataFrame({"origin": origin, "dest": destination, "cost": metres[origin, destination]}),
        max_cost=RADIUS,
        demand_index=True,
        supply_index=True,
        weight_fn=weight,
    )
    return found.reindex(range(len(needs)), fill_value=0.0).to_numpy()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("decay", ["none", "gaussian", "step", "linear"])
def test_our_access_is_that_of_pysal(decay, seed):
    from access import weights

    random = np.random.default_rng(seed)
    needs, actors = random.uniform(0, 60_000, (300, 2)), random.uniform(0, 60_000, (200, 2))
    people, capacity = random.integers(1, 99, 300).astype(float), random.integers(0, 50, 200).astype(float)
    weight = {
        "none": None,
        # PySAL's Gaussian is exp(-d²/2σ²): ours at σ = reach / √(2 ln 100).
        "gaussian": weights.gaussian(RADIUS / np.sqrt(2 * np.log(100))),
        "step": weights.step_fn({RADIUS / 3: 1.0, 2 * RADIUS / 3: 0.68, RADIUS: 0.22}),
        "linear": lambda metres: 1 - metres / RADIUS,
    }[decay]
    ours = access(Near(needs, actors, RADIUS), RADIUS, people, capacity, DECAYS[decay]).apl
    np.testing.assert_allclose(ours, pysal(needs, actors, people, capacity, weight), rtol=1e-9)
