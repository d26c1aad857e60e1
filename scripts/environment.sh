#!/bin/sh
# Make a virtual environment without QGIS: scripts/environment.sh FOLDER REQUIREMENTS
set -eu
log=$1.log
mkdir -p build
echo "Création de $1 (une minute ou deux)…"
if ! { /usr/bin/python3 -m venv --clear "$1" && "$1/bin/pip" install -r "$2"; } >"$log" 2>&1; then
    tail -n 25 "$log" >&2
    echo "Échec de la création de $1. Journal complet : $log" >&2
    exit 1
fi
touch "$1/ready"
