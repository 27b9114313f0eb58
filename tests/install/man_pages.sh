#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# man_pages.sh PREFIX: every manual page formats without a warning, and names what the programs know.
set -euo pipefail

if ! command -v groff >/dev/null; then
    echo "skipped: there is no groff here"
    exit 77
fi

pages=("$1"/share/man/man*/*)
((${#pages[@]} == 3))
for page in "${pages[@]}"; do
    complaints=$(groff -man -ww -Tutf8 -z "$page" 2>&1)
    if [[ -n $complaints ]]; then
        echo "$complaints"
        exit 1
    fi
done

# Each long option and each verb of a program is in its page.
missing=0
for program in roudi:8 roudictl:1; do
    name=${program%:*}
    page=$1/share/man/man${program#*:}/$name.${program#*:}
    text=$(groff -man -Tascii -P-cbou "$page")
    while read -r word; do
        if ! grep -q -e "$word" <<<"$text"; then
            echo "$name($page) does not name $word"
            missing=1
        fi
    done < <("$1/bin/$name" --help | grep -oE '^ +(-[a-z],)?--[a-z-]+' | grep -oE -e '--[a-z-]+')
done
exit "$missing"
