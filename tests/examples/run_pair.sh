#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: run_pair.sh ROUDI SENDER RECEIVER LINE
# Starts all three, waits until the receiver prints LINE, asks the two to terminate: both have to end well.
set -euo pipefail
roudi=$1 sender=$2 receiver=$3 line=$4

world=$(mktemp -d)
started=()
clean_up() {
    for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
    wait
    rm -rf "$world"
}
trap clean_up EXIT
export ROUDI_SOCKET=$world/roudi.sock

mkfifo "$world/ready" "$world/said"
"$roudi" --socket "$ROUDI_SOCKET" --ready-fd 9 9>"$world/ready" &
started+=($!)
read -r -n 1 <"$world/ready" || true
"$receiver" >"$world/said" &
started+=($!)
exec {said}<"$world/said"
"$sender" >/dev/null &
started+=($!)

grep -m 1 -F -- "$line" <&"$said"
kill "${started[2]}"
wait "${started[2]}"
cat <&"$said" >/dev/null &   # so that the receiver's last lines find a reader
kill "${started[1]}"
wait "${started[1]}"
