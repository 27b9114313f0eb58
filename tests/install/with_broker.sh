#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# with_broker.sh ROUDI COMMAND...: runs the command while a broker of its own is there.
set -euo pipefail

directory=$(mktemp -d)
trap 'kill "$broker" 2>/dev/null || true; wait "$broker" 2>/dev/null || true; rm -rf "$directory"' EXIT
export ROUDI_SOCKET=$directory/roudi.sock ROUDI_AUTOSTART=0

mkfifo "$directory/ready"
"$1" --socket "$ROUDI_SOCKET" --ready-fd 3 3>"$directory/ready" &
broker=$!
read -r <"$directory/ready"
shift
"$@"
