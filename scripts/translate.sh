#!/bin/sh
# Bring i18n/tisserand_fr.ts up to date with the texts of the code; what is new is left to be translated.
set -eu
cd "$(dirname "$0")/.."
# shellcheck disable=SC2046 # one word a file
build/scanners/bin/pylupdate6 --no-obsolete $(git ls-files --cached --others --exclude-standard '*.py' | grep -v '^tests/') \
    --ts i18n/tisserand_fr.ts
echo "$(grep -c 'type="unfinished"' i18n/tisserand_fr.ts) texte(s) à traduire dans i18n/tisserand_fr.ts"
