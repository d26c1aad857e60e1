#!/bin/sh
# Install what Tisserand needs and this machine lacks: QGIS 3.22 or later from the system's packages, and .venv,
# a virtual environment over the system's Python so that it sees the same QGIS, GDAL and PROJ as QGIS does.
# "scripts/setup.sh servers" adds what the tests start and stop: PostGIS, redis (for addok), QGIS Server, Chromium.
set -eu
cd "$(dirname "$0")/.."
mkdir -p build
log=build/setup.log
python=/usr/bin/python3
with=${1:-}
stamp=.venv/ready$with

fingerprint() {
    cat scripts/setup.sh scripts/requirements/dev.txt scripts/requirements/geopandas.txt \
        scripts/requirements/browser.txt | cksum
    $python --version
}

if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint)" ]; then
    exit 0
fi
: >"$log"

quietly() {
    label=$1
    shift
    echo "$label…"
    if ! "$@" >>"$log" 2>&1; then
        tail -n 25 "$log" >&2
        echo "Échec : $label. Journal complet : $log" >&2
        exit 1
    fi
}

missing=
unless() {
    probe=$1
    shift
    sh -c "$probe" >/dev/null 2>&1 || missing="$missing $*"
}
finds() {
    echo "$python -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec(\"$1\") is None)'"
}
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}
recent_geopandas='import geopandas, shapely; raise SystemExit(int(geopandas.__version__[0]) < 1 or int(shapely.__version__[0]) < 2)'

unless "$python -c 'from qgis.core import Qgis; raise SystemExit(Qgis.QGIS_VERSION_INT < 32200)'" \
    qgis python3-qgis qgis-providers
unless "$(finds fiona)" python3-fiona
unless "$(finds pandas)" python3-pandas
unless "$(finds pyproj)" python3-pyproj
unless "$(finds scipy)" python3-scipy
unless "$(finds matplotlib)" python3-matplotlib
unless "$(finds ensurepip)" python3-venv
unless "command -v xvfb-run" xvfb xauth
unless "command -v pdftotext" poppler-utils
unless "command -v qpdf" qpdf
unless "command -v lrelease" qttools5-dev-tools
unless "command -v git" git
unless "fc-list | grep DejaVuSans" fontconfig fonts-dejavu-core
unless "fc-list | grep OpenSans" fonts-open-sans
if [ "$with" = servers ]; then
    unless "ls /usr/lib/postgresql/*/bin/initdb && ls /usr/share/postgresql/*/extension/postgis.control" postgresql postgis postgresql-postgis
    unless "$(finds psycopg2)" python3-psycopg2
    unless "command -v redis-server" redis-server
    unless "command -v chromium" chromium
    unless "command -v chromedriver" chromium-driver
    # The executables answer nothing without the part for each service.
    unless "command -v qgis_mapserver && find /usr/lib -name libwfs.so | grep -q ." qgis-server-bin qgis-server-wfs
fi

if [ -n "$missing" ]; then
    if ! command -v apt-get >/dev/null; then
        echo "Il manque sur cette machine (noms des paquets Debian) :$missing. Installez-les, puis relancez." >&2
        exit 1
    fi
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        echo "Il manque :$missing. Sans sudo, demandez à l'administrateur : apt-get install$missing" >&2
        exit 1
    fi
    quietly "Mise à jour de la liste des paquets" as_root apt-get update
    case $(apt-cache policy python3-geopandas | sed -n 's/ *Candidate: //p') in
        '' | '(none)' | 0.*) ;;
        *) missing="$missing python3-geopandas" ;;
    esac
    # The tests make clusters of their own: none that starts with the machine.
    case $missing in
        *postgresql*)
            if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
                as_root mkdir -p /etc/postgresql-common
                echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >>"$log"
            fi
            ;;
    esac
    # shellcheck disable=SC2086 # one word a package
    quietly "Installation de :$missing (quelques minutes)" \
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
fi

quietly "Création de .venv" $python -m venv --system-site-packages .venv
quietly "Installation des outils de test" .venv/bin/pip install -r scripts/requirements/dev.txt
if ! .venv/bin/python -c "$recent_geopandas" 2>/dev/null; then
    quietly "Installation de geopandas et shapely" .venv/bin/pip install --no-deps -r scripts/requirements/geopandas.txt
fi
if [ "$with" = servers ]; then
    # Nothing of it is imported: the tests hand its script, axe-core, to the browser.
    quietly "Installation d'axe-core" .venv/bin/pip install --no-deps --upgrade --target build/browser \
        -r scripts/requirements/browser.txt
fi
fingerprint >"$stamp"
echo "Prêt : QGIS $($python -c 'from qgis.core import Qgis; print(Qgis.QGIS_VERSION)'), Python $(.venv/bin/python -c 'import platform; print(platform.python_version())')."
