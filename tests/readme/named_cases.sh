#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# named_cases.sh README TESTS: each row of the table of what dies names a case that shows it, as `TEST` "NAME…"
# or `TEST` "NAME", and each of those is a case of the CTest test TEST: in the directory of that name, or, where
# it is that of a room's units, without the _unit.
set -euo pipefail
export LC_ALL=C.UTF-8

wrong=0
complain() {
    echo "$1"
    wrong=1
}

# cases_in DIRECTORY: their names, one in a line.
cases_in() {
    cat "$1"/*.cpp | tr '\n' ' ' | grep -oE 'TEST_CASE\( *"([^"\\]|\\.)*"' | sed -E 's/^TEST_CASE\( *"//; s/"$//'
}

# is_in DIRECTORY NAME
is_in() {
    local case
    while read -r case; do
        [[ $case == "$2" || ($2 == *… && $case == "${2%…}"*) ]] && return 0
    done < <(cases_in "$1")
    return 1
}

# check_row TESTS "WHAT SHOWS IT"
check_row() {
    local shown_by=$2 test="" directory="" count=0 item
    while read -r item; do
        case $item in
        \`*)
            test=${item//\`/}
            directory=$1/${test%_unit}
            ;;
        \"*)
            item=${item//\"/}
            count=$((count + 1))
            if [[ ! -d $directory ]] || ! grep -qE "add_test\(NAME $test[. ]" "$directory/CMakeLists.txt"; then
                complain "no test of CTest: \`$test\`, for \"$item\""
            elif ! is_in "$directory" "$item"; then
                complain "no case of \`$test\`: \"$item\""
            fi
            ;;
        esac
    done < <(grep -oE '`[a-z_]+`|"[^"]+"' <<<"$shown_by")
    ((count > 0)) || complain "names no case: $shown_by"
}

rows=0
while IFS= read -r row; do
    row=${row% |}
    check_row "$2" "${row##* | }"
    rows=$((rows + 1))
done < <(sed -n '/| shown by |$/,/^$/p' "$1" | tail -n +3 | grep '^|')
((rows > 0)) || complain "$1 has no such table"
echo "$rows rows"
exit "$wrong"
