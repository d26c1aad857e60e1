"""Print what detect-secrets found: scripts/found_secrets.py REPORT. Exit status 1 when that is something."""

import json
import sys
from pathlib import Path

results = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["results"]
for path, found in results.items():
    for secret in found:
        print(f"{path}:{secret['line_number']}: {secret['type']}")
sys.exit(bool(results))
