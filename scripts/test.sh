#!/bin/sh
# Run suites of tests/ each in the environment it needs, all of them even when one fails, and end with their
# summaries: scripts/test.sh SUITE...
set -u
cd "$(dirname "$0")/.." || exit
export QT_QPA_PLATFORM=offscreen
mkdir -p build
summary=build/test-summary.txt
: >"$summary"
failed=0

for suite in "$@"; do
    python=.venv/bin/python
    options=
    case $suite in
        unit | package | gui) options="-p no:pytest_qgis" ;;
        oracles) python=build/oracles/bin/python ;;
    esac
    log=build/test-$suite.log
    echo "tests/$suite"
    # The status of pytest itself, not of tee: a process that dies when it exits has failed too.
    # shellcheck disable=SC2086 # no option, or two words
    { "$python" -m pytest "tests/$suite" -q $options; echo $? >"$log.status"; } 2>&1 | tee "$log"
    status=$(cat "$log.status")
    [ "$status" = 0 ] || failed=1
    outcome=$(grep -E '[0-9]+ (passed|failed|error|skipped)|no tests ran' "$log" | tail -n 1)
    printf '%-8s %s (status %s)\n' "$suite" "${outcome:-died before its end}" "$status" >>"$summary"
done

echo
cat "$summary"
exit "$failed"
