#!/bin/bash
# Run the tests on another Debian's QGIS, in a folder: scripts/matrix.sh trixie|forky
# trixie has QGIS 3.40, forky 3.44. Exit status 3: cannot be done on this machine.
# The folder is kept in /var/tmp (2 GB) and used again; TISSERAND_MATRIX=folder puts it elsewhere.
set -eu
cd "$(dirname "$0")/.."
suite=$1
folder=${TISSERAND_MATRIX:-/var/tmp}/tisserand-$suite
log=$PWD/build/matrix-$suite.log
mkdir -p build

cannot() {
    echo "Essais sur $suite : pas faits, $1." >&2
    exit 3
}

[ "$(id -u)" = 0 ] || cannot "il faut être root pour faire une Debian dans un dossier"
if ! command -v mmdebstrap >/dev/null; then
    command -v apt-get >/dev/null || cannot "mmdebstrap manque"
    { apt-get update && apt-get install -y --no-install-recommends mmdebstrap; } >"$log" 2>&1 ||
        cannot "mmdebstrap manque et ne s'installe pas ($log)"
fi

# One run at a time in a folder.
exec 9>"$folder.lock"
flock 9

packages=qgis,python3-qgis,qgis-providers,python3-geopandas,python3-fiona,python3-scipy,python3-matplotlib,python3-pip,python3-venv
packages=$packages,xvfb,xauth,git,make,ca-certificates,poppler-utils,qpdf,qttools5-dev-tools,fontconfig,fonts-dejavu-core,fonts-open-sans

debian_mirror() {
    if grep -qx ID=debian /etc/os-release; then
        apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1
    fi
}

# The folder gets its name only once whole, so one that was broken off is never taken for a good one.
if [ ! -d "$folder" ]; then
    echo "Debian $suite dans $folder (2 à 5 minutes)…"
    rm -rf --one-file-system "$folder.unfinished"
    # The index of a suite in the making may be older than its stated validity.
    mmdebstrap --aptopt='Acquire::Check-Valid-Until "false"' --variant=minbase --include="$packages" \
        "$suite" "$folder.unfinished" $(debian_mirror) >"$log" 2>&1 || {
        tail -n 15 "$log" >&2
        rm -rf --one-file-system "$folder.unfinished"
        cannot "Debian $suite ne s'installe pas ($log)"
    }
    mv "$folder.unfinished" "$folder"
fi

# The host's certificates and settings of pip, where it has some: a proxy or a mirror is the machine's affair.
for file in /etc/ssl/certs/ca-certificates.crt /etc/pip.conf "$HOME/.config/pip/pip.conf" "$HOME/.pip/pip.conf"; do
    if [ -f "$file" ]; then
        install -D "$file" "$folder$file"
    fi
done
cp /etc/resolv.conf /etc/hosts "$folder/etc/"

# The files as they stand, committed or not, and the downloads so that they are not made twice.
project=$folder/srv/tisserand
rm -rf "$project"
mkdir -p "$project"
git ls-files -z --cached --others --exclude-standard | tar --null --ignore-failed-read -cf - -T - | tar -xf - -C "$project"
if [ -f build/reference/communes.gpkg ]; then
    install -D build/reference/communes.gpkg "$project/build/reference/communes.gpkg"
fi

mountpoint -q "$folder/proc" || mount -t proc proc "$folder/proc"
trap 'umount "$folder/proc"' EXIT
chroot "$folder" env TISSERAND_DISPLAY=299 make -C /srv/tisserand test-here
