"""One of several correspondents at work at once: a QGIS of its own that saves changes to random rows of a layer.

Called with the source of the layer, a seed, a number of commits and of rows a commit; prints what became of them.
"""

import json
import random
import runpy
import sys
from pathlib import Path

from qgis.core import QgsApplication, QgsDefaultValue, QgsVectorLayer

runpy.run_path(str(Path(__file__).resolve().parents[3] / "scripts" / "checkout.py"))


def work(source, seed, commits, rows):
    from tisserand.layers.model.tables import table

    chance = random.Random(seed)
    layer = QgsVectorLayer(source, "acteur", "postgres")
    index = layer.fields().lookupField
    for column in table("acteur").fields:
        if column.stamp:
            layer.setDefaultValueDefinition(index(column.name), QgsDefaultValue(column.default, True))
    counts = {"saved": 0, "rows": 0, "conflicts": 0, "others": []}
    for number in range(commits):
        layer.startEditing()
        features = chance.sample(sorted(layer.getFeatures(), key=lambda feature: feature.id()), rows)
        for feature in features:
            layer.changeAttributeValue(feature.id(), index("description"), f"{seed}/{number}")
        if layer.commitChanges():
            counts["saved"] += 1
            counts["rows"] += rows
        else:
            said = " ".join(layer.commitErrors())
            if "CIS-CONFLIT" in said:
                counts["conflicts"] += 1
            else:
                counts["others"].append(said)
            layer.rollBack()
    return counts


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    source, *numbers = sys.argv[1:]
    print(json.dumps(work(source, *map(int, numbers))))
    application.exitQgis()
