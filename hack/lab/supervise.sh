#!/usr/bin/env bash
# supervise.sh PIDFILE COMMAND...: runs the command again whenever it ends, as a DaemonSet would, until told to end.
set -u
pidfile=$1
shift

child=
stop() {
    trap '' TERM INT HUP
    [[ -z $child ]] || kill -TERM "$child" 2> /dev/null
    wait
    rm -f "$pidfile"
    exit
}
trap stop TERM INT HUP

while true; do
    began=$SECONDS
    "$@" &
    child=$!
    # Renamed into place, so that whoever reads it never finds it empty.
    echo "$child" > "$pidfile.new" && mv "$pidfile.new" "$pidfile"
    wait "$child"
    echo "supervise: $1 has ended with $?, and is started again"
    child=
    # One that cannot even start would otherwise take all of a processor.
    ((SECONDS - began >= 2)) || { sleep 1 & wait $!; }
done
