#!/bin/sh
# Serve a real BAN geocoder (addok) on loopback until this script is stopped:
#   scripts/addok.sh ADDRESSES.ndjson.gz PORT REDIS_PORT
# The addok.conf of the addresses lies beside them. Nothing stays: redis keeps all in memory, the rest in one folder.
set -eu
cd "$(dirname "$0")/.."
addresses=$1 port=$2
export ADDOK_REDIS_PORT="$3"
export ADDOK_CONFIG_MODULE="$(dirname "$addresses")/addok.conf"
bin=build/addok/bin
ADDOK_LOG_DIR=$(mktemp -d)
export ADDOK_LOG_DIR
redis='' server=''

stop() {
    # shellcheck disable=SC2086 # one number each, or none
    kill $server $redis 2>/dev/null || true
    wait
    rm -rf "$ADDOK_LOG_DIR"
}
trap stop EXIT
trap 'exit 0' INT TERM

redis-server --port "$ADDOK_REDIS_PORT" --bind 127.0.0.1 --save '' --appendonly no --dir "$ADDOK_LOG_DIR" \
    >"$ADDOK_LOG_DIR/redis.log" &
redis=$!
tries=0
until redis-cli -p "$ADDOK_REDIS_PORT" ping >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 50 ] || { echo "redis ne répond pas sur le port $ADDOK_REDIS_PORT." >&2; exit 1; }
    sleep 0.2
done
gzip -dc "$addresses" >"$ADDOK_LOG_DIR/addresses.ndjson"
"$bin/addok" batch "$ADDOK_LOG_DIR/addresses.ndjson" >"$ADDOK_LOG_DIR/batch.log" 2>&1
"$bin/addok" ngrams >>"$ADDOK_LOG_DIR/batch.log" 2>&1
"$bin/gunicorn" addok.http.wsgi --bind "127.0.0.1:$port" --workers 1 --timeout 120 >"$ADDOK_LOG_DIR/http.log" 2>&1 &
server=$!
wait "$server"
