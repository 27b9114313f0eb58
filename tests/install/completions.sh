#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# completions.sh PREFIX: each shell that is here can parse its completions, and bash completes.
set -euo pipefail

share=$1/share
for program in roudi roudictl; do
    bash -n "$share/bash-completion/completions/$program"
    # -n: read only; in fish and zsh alike.
    if command -v zsh >/dev/null; then zsh -n "$(find "$share/zsh" -name "_$program")"; fi
    if command -v fish >/dev/null; then fish -n "$share/fish/vendor_completions.d/$program.fish"; fi
done

# complete WORDS...: what bash offers for the last word.
complete_words() {
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    "_$1"
    echo "${COMPREPLY[*]}"
}
expect() {
    if [[ $1 != "$2" ]]; then
        echo "expected '$2' and not '$1'"
        exit 1
    fi
}

# shellcheck disable=SC1090
source "$share/bash-completion/completions/roudictl"
expect "$(complete_words roudictl stat)" status
expect "$(complete_words roudictl serv)" "services service"
expect "$(complete_words roudictl services --na)" --names
expect "$(complete_words roudictl --domain lab doctor --j)" --json
expect "$(complete_words roudictl service --na)" ""
# shellcheck disable=SC1090
source "$share/bash-completion/completions/roudi"
expect "$(complete_words roudi --pr)" --print-config
expect "$(complete_words roudi nod)" "nodes node"

# Names come from the broker, and what a shell would split is quoted.
roudictl() { printf '%s\n' "camera/front" "camera rear"; }
expect "$(complete_words roudictl service cam)" 'camera/front camera\ rear'
expect "$(complete_words roudictl listen cam)" 'camera/front camera\ rear'
expect "$(complete_words roudictl notify --int)" --interval
unset -f roudictl

# All that a program and its commands can be asked for help about.
help_of() {
    local verb
    "$1" --help
    for verb in $("$1" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]\+\) .*/\1/p'); do "$1" "$verb" --help; done
}

# Whatever the programs' help knows, each shell knows.
for program in roudi roudictl; do
    while read -r option; do
        for file in "$share/bash-completion/completions/$program" "$share"/zsh/*/"_$program" \
            "$share/fish/vendor_completions.d/$program.fish"; do
            # fish has no dashes before long names.
            if ! grep -q -e "$option" -e "-l ${option#--}" "$file"; then
                echo "$file does not know $option"
                exit 1
            fi
        done
    done < <(help_of "$1/bin/$program" | grep -oE '^ +(-[a-z],)?--[a-z-]+' | grep -oE -e '--[a-z-]+')
done
