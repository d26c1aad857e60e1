#!/bin/sh
# Form of the code, then what plugins.qgis.org scans an uploaded plugin for, over the files of the zip as
# scripts/package.py has just laid them out. Everything is looked at, even when something was found before.
set -eu
cd "$(dirname "$0")/.."
scanners=$PWD/build/scanners/bin
tree=build/package/tisserand
found=0

.venv/bin/ruff check . || found=1
.venv/bin/ruff format --check . || found=1
"$scanners/python" scripts/qt6_names.py . || found=1
(cd "$tree" && "$scanners/flake8" .) || found=1
(cd "$tree" && "$scanners/bandit" --quiet --recursive --ini .bandit .) || found=1
(cd "$tree" && "$scanners/detect-secrets" scan --all-files .) >build/secrets.json
.venv/bin/python scripts/found_secrets.py build/secrets.json || found=1

[ "$found" = 1 ] || echo "lint : rien à redire."
exit "$found"
