#!/bin/sh
# Bring i18n/tisserand_fr.ts up to date with the texts of the code; what is new is left to be translated.
set -eu
cd "$(dirname "$0")/.."
# A file that was removed since the last commit is still listed.
files=$(git ls-files --cached --others --exclude-standard '*.py' | grep -v '^tests/' | while read -r file; do
    [ ! -f "$file" ] || echo "$file"
done)
# shellcheck disable=SC2086 # one word a file
build/scanners/bin/pylupdate6 --no-obsolete $files \
    --ts i18n/tisserand_fr.ts
echo "$(grep -c 'type="unfinished"' i18n/tisserand_fr.ts) texte(s) à traduire dans i18n/tisserand_fr.ts"
