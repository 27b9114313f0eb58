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

# Without hyphenation, so that words are found.
page() { groff -man -Tascii -P-cbou -rHY=0 "$1"; }
help_of() {
    local verb
    "$1" --help
    for verb in $(verbs "$1"); do "$1" "$verb" --help; done
}
options() { help_of "$1" | grep -oE '^ +(-[a-z],)?--[a-z-]+' | grep -oE -e '--[a-z-]+'; }
verbs() { "$1" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]\+\) .*/\1/p'; }
keys() { "$1" --print-config | grep -oE '"[a-z_]+":' | tr -d '":'; }

# expect_words PAGE: each word of the input is in the page.
missing=0
expect_words() {
    local text word
    text=$(page "$1")
    while read -r word; do
        if ! grep -q -e "$word" <<<"$text"; then
            echo "$1 does not name $word"
            missing=1
        fi
    done
}
man=$1/share/man
# The place of the configuration depends on the prefix.
configuration=$(grep -aoE '[[:graph:]]*etc/roudi/roudi\.json' "$1/bin/roudi" | head -n 1)
[[ -n $configuration ]]
expect_words "$man/man8/roudi.8" <<<"$configuration"
expect_words "$man/man5/roudi.json.5" <<<"$configuration"
expect_words "$man/man1/roudictl.1" < <(options "$1/bin/roudictl" && verbs "$1/bin/roudictl")
expect_words "$man/man8/roudi.8" < <(options "$1/bin/roudi")
expect_words "$man/man5/roudi.json.5" < <(keys "$1/bin/roudi")
exit "$missing"
