#!/bin/sh
# Open a real QGIS under Xvfb with this checkout as its plugin and a fresh profile in FOLDER, and let a script act in it:
#   scripts/window.sh FOLDER LANGUAGE SCRIPT [PROJECT]
# The script leaves through os._exit; its status is ours.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$1 language=$2 script=$3
shift 3
profile=$folder/profiles/default
mkdir -p "$profile/python/plugins" "$profile/QGIS"
ln -sfn "$root" "$profile/python/plugins/tisserand"
cat >"$profile/QGIS/QGIS3.ini" <<INI
[PythonPlugins]
tisserand=true

[app]
checkVersion=false

[fonts]
downloadMissingFonts=false

[locale]
overrideFlag=true
userLocale=$language
INI
export QT_QPA_PLATFORM=xcb LIBGL_ALWAYS_SOFTWARE=1 XDG_RUNTIME_DIR="$folder"
# Debian 12's "qgis" is a wrapper that fails.
qgis=$(command -v qgis.bin || command -v qgis)
# Beside another one, in a folder of another Debian, the displays have to differ: the lock files do not know of each other.
exec xvfb-run -a -n "${TISSERAND_DISPLAY:-99}" -s "-screen 0 1600x1000x24" "$qgis" --nologo --noversioncheck \
    --profiles-path "$folder" --profile default --code "$script" "$@"
