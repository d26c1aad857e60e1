#!/bin/sh
# Pictures of the README and the manual, in docs/images, made anew from the example: the window, its guide and what is
# printed beside it, the windows of the guide, its web edition, the forms, the results of the methods.
set -eu
cd "$(dirname "$0")/.."
images=docs/images
python=.venv/bin/python
if [ ! -f build/demo/tournee.pdf ] || [ ! -f build/demo/hauts-de-seine.qgz ]; then
    QT_QPA_PLATFORM=offscreen $python scripts/demo.py 92
fi
mkdir -p "$images" build/pages
rm -f build/pages/*.png
pdftoppm -r 55 -png build/demo/guide.pdf build/pages/page
QT_QPA_PLATFORM=offscreen $python scripts/spread.py build/pages build/demo/guide.json "$images/guide.png" \
    "Couverture" "Le Département en un coup d'œil+1" "Matrice des thèmes par territoire" "Thème par thème" \
    "Fiches de territoire" "Monographies" "Où les besoins restent-ils sans réponse ?" "Quels projets lancer d'abord ?"
cp build/demo/carte.png "$images/guide-carte.png"
pdftoppm -r 72 -f 1 -l 1 -singlefile -png "$(find build/demo/livrets -name '*.pdf' | sort | head -n 1)" "$images/guide-livret"
$python scripts/web_pictures.py build/demo/guide-html "$images"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
TISSERAND_PICTURES=$PWD/$images scripts/window.sh "$folder" fr scripts/guide_pictures.py build/demo/hauts-de-seine.qgz
TISSERAND_PICTURE=$PWD/$images/fenetre.png TISSERAND_THEME="Acteurs par thème" \
    scripts/window.sh "$folder" fr scripts/picture.py build/demo/hauts-de-seine.qgz
$python scripts/lighten.py 1400 "$images"/guide*.png "$images/fenetre.png"
# The tests of the import window leave pictures of its steps, in French among them.
$python -m pytest tests/gui/test_import_dialog.py -q -p no:pytest_qgis --basetemp=build/import-window
cp "$(find build/import-window -name import-3.png | head -n 1)" "$images/import.png"
# The forms, each tab of each.
TISSERAND_PICTURES=$PWD/$images/forms \
    scripts/window.sh "$folder" fr scripts/form_pictures.py build/demo/hauts-de-seine.qgz
# The results of the example, for the method pages.
QT_QPA_PLATFORM=offscreen $python scripts/method_pictures.py build/demo/hauts-de-seine.qgz "$images/methodes"
