#!/bin/sh
# Pictures of the README and the manual, in docs/images: the window with the example, and pages of its guide.
set -eu
cd "$(dirname "$0")/.."
if [ ! -f build/demo/guide.pdf ] || [ ! -f build/demo/hauts-de-seine.qgz ]; then
    QT_QPA_PLATFORM=offscreen .venv/bin/python scripts/demo.py 92
fi
mkdir -p docs/images build/pages
pdftoppm -r 55 -png build/demo/guide.pdf build/pages/page
QT_QPA_PLATFORM=offscreen .venv/bin/python scripts/spread.py build/pages docs/images/guide.png 1 4 5 6 7 8 9 25
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
TISSERAND_PICTURE=$PWD/docs/images/fenetre.png TISSERAND_THEME="Acteurs par thème" \
    scripts/window.sh "$folder" fr scripts/picture.py build/demo/hauts-de-seine.qgz
# The tests of the import window leave pictures of its steps, in French among them.
.venv/bin/python -m pytest tests/gui/test_import_dialog.py -q -p no:pytest_qgis --basetemp=build/import-window
cp "$(find build/import-window -name import-3.png | head -n 1)" docs/images/import.png
# The forms, each tab of each.
TISSERAND_PICTURES=$PWD/docs/images/forms \
    scripts/window.sh "$folder" fr scripts/form_pictures.py build/demo/hauts-de-seine.qgz
# The results of the example, for the method pages.
QT_QPA_PLATFORM=offscreen .venv/bin/python scripts/method_pictures.py build/demo/hauts-de-seine.qgz docs/images/methodes
