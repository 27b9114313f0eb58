#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# units.sh PREFIX: the installed units are valid, and the system service is locked in.
set -euo pipefail

if ! command -v systemd-analyze >/dev/null; then
    echo "skipped: there is no systemd-analyze here"
    exit 77
fi

XDG_RUNTIME_DIR=$(mktemp -d)
trap 'rm -rf "$XDG_RUNTIME_DIR"' EXIT
# It looks up the manual pages that a unit names, too.
export XDG_RUNTIME_DIR MANPATH=$1/share/man:
cd "$1/lib/systemd"
systemd-analyze verify --man=yes system/roudi.socket system/roudi.service
systemd-analyze --user verify --man=yes user/roudi.socket user/roudi.service

# In tenths: 10 is an exposure of 1.0.
systemd-analyze security --offline=true --threshold=10 system/roudi.service
if grep -n '^PrivateUsers=' system/roudi.service; then
    echo "PrivateUsers= hides the clients' uids from the broker"
    exit 1
fi

# A dry run needs 253, so it makes the user in an empty root.
if command -v systemd-sysusers >/dev/null; then
    root=$XDG_RUNTIME_DIR/root
    mkdir -p "$root/etc"
    systemd-sysusers --root="$root" "$1/lib/sysusers.d/roudi.conf"
    grep '^roudi:' "$root/etc/passwd"
fi
