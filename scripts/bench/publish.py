"""Time the safe table beside pycanon's k-anonymity, which only counts, and watch how both grow with the rows.

People stand in 300 communes of 20 EPCI, 10 themes and 5 publics, unequally; EPCI and Département are published too.
"""
# ruff: noqa: TID251

from __future__ import annotations

import sys

import measure
import numpy as np
import pandas as pd

GROUPS = ["commune", "theme", "public"]
LEVELS = ["commune", "epci", "departement"]
SIZES = (100_000, 300_000, 1_000_000)


def people(count: int) -> pd.DataFrame:
    """Return a row a person."""
    random = np.random.default_rng(1)
    weight = random.lognormal(0, 1.2, 300)
    commune = random.choice(300, count, p=weight / weight.sum())
    return pd.DataFrame(
        {
            "commune": np.array([f"c{n:03}" for n in range(300)], object)[commune],
            "epci": np.array([f"e{n % 20:02}" for n in range(300)], object)[commune],
            "departement": "d",
            "theme": np.array(list("abcdefghij"), object)[np.minimum(random.geometric(0.25, count) - 1, 9)],
            "public": np.array(list("vwxyz"), object)[random.integers(0, 5, count)],
        }
    )


def _publish(count: int, margins: str) -> dict:
    from tisserand.processing.analysis.disclosure.publication import publish

    frame = people(count).assign(count=1.0)
    clock = measure.Clock()
    found = publish(frame, LEVELS, GROUPS[1:], 11, margins=margins)
    return measure.measured(
        clock,
        cells=len(found.rows),
        masked=int((found.rows["masque"] != "none").sum()),
        programmes=found.protection.programmes,
    )


def ours(count: int) -> dict:
    """Measure the table with totals by each group, masked and proven."""
    return _publish(count, "one-way")


def all_totals(count: int) -> dict:
    """Measure the table with totals by every choice of groups, where far more can be worked out."""
    return _publish(count, "all")


def pycanon(count: int) -> dict:
    """Measure the search for the smallest group, which masks nothing."""
    from pycanon.anonymity import k_anonymity

    frame = people(count)[GROUPS]
    clock = measure.Clock()
    return measure.measured(clock, least=k_anonymity(frame, GROUPS))


def main() -> None:
    """Print the table."""
    measure.heading("Safe table: cells, masking and proof, beside pycanon's k-anonymity alone (people)")
    for size in SIZES:
        mine = measure.alone(__file__, "ours", size)
        print(f"   {mine['cells']:,} cells, {mine['masked']:,} masked, {mine['programmes']} programmes", flush=True)
        measure.ratio(mine, measure.alone(__file__, "pycanon", size), "pycanon")
    everything = measure.alone(__file__, "all_totals", SIZES[-1])
    print(f"   {everything['cells']:,} cells, {everything['masked']:,} masked, {everything['programmes']} programmes")
    if mine["cpu"] > 5:
        sys.exit(f"{SIZES[-1]:,} people took {mine['cpu']:.1f} s of the processor; 5 s is the bar.")


if __name__ == "__main__":
    measure.run({"ours": ours, "all_totals": all_totals, "pycanon": pycanon}, main)
