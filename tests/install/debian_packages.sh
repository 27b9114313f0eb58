#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# debian_packages.sh BUILD PREFIX SYSCONFDIR: cpack makes the three packages, and each has what belongs in it.
set -euo pipefail

if ! command -v dpkg-shlibdeps >/dev/null; then
    echo "skipped: there is no dpkg-shlibdeps here"
    exit 77
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cpack -G DEB --config "$1/CPackConfig.cmake" -B "$work" >cpack.log || { cat cpack.log; exit 1; }

failed=0
# Whole, and then searched: a grep that has found something and leaves would kill who writes to it.
for package in roudi libipc0 libipc-dev; do
    dpkg-deb -c "$package"_*.deb | awk '{print $6}' >"$package.files"
done
# has PACKAGE PATTERN: a file of the package matches.
has() {
    if ! grep -qE "$2" "$1.files"; then
        echo "$1 has no $2"
        failed=1
    fi
}
# hasnt PACKAGE PATTERN
hasnt() {
    if grep -E "$2" "$1.files"; then
        echo "$1 must not have $2"
        failed=1
    fi
}
# field PACKAGE NAME PATTERN: a control field matches.
field() {
    local value
    value=$(dpkg-deb -f "$1"_*.deb "$2")
    if ! grep -qE "$3" <<<"$value"; then
        echo "$1: $2 is '$value' and does not match $3"
        failed=1
    fi
}

for file in "$2/bin/roudi" "$2/bin/roudictl" "$3/roudi/roudi.json" lib/systemd/system/roudi.service \
    lib/systemd/system/roudi.socket lib/systemd/user/roudi.service lib/systemd/user/roudi.socket \
    lib/sysusers.d/roudi.conf man/man1/roudictl.1 man/man5/roudi.json.5 man/man8/roudi.8 \
    bash-completion/completions/roudictl; do
    has roudi "$file\$"
done
has libipc0 'libipc\.so\.0$'
has libipc-dev 'libipc\.so$'
for file in libipc.a ipc/ipc.hpp libipcConfig.cmake libipcConfigVersion.cmake libipc.pc; do
    has libipc-dev "/$file\$"
done
hasnt roudi '\.(hpp|so|a)(\.|$)'
hasnt libipc0 '\.(hpp|a|pc)$|/bin/'
hasnt libipc-dev '/bin/|\.so\.[0-9]'

field roudi Depends 'libipc0 \(.*libc6|libc6.*libipc0 \('
field libipc0 Depends 'libc6.*libstdc\+\+6'
field libipc-dev Depends '^libipc0 \(= [0-9.]+\), libexpected-dev$'
for package in roudi libipc0 libipc-dev; do
    has "$package" "/doc/$package/copyright\$"
    field "$package" Maintainer '^libipc maintainers'
done
field libipc0 Description 'shared library'
dpkg-deb -e libipc0_*.deb library_control
grep '^libipc 0 libipc0' library_control/shlibs || failed=1

dpkg-deb -e roudi_*.deb control
grep -q "^$3/roudi/roudi.json\$" control/conffiles
for script in postinst prerm postrm; do sh -n "control/$script"; done
dpkg-deb -x roudi_*.deb tree
grep "^ExecStart=$2/bin/roudi " "tree$2/lib/systemd/system/roudi.service" || failed=1
exit "$failed"
