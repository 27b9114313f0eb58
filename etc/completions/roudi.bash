# SPDX-License-Identifier: Apache-2.0
# bash completion for roudi

_roudi() {
    local current=${COMP_WORDS[COMP_CWORD]}
    local previous=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()
    case $previous in
        --config | --socket) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
        --log-level)
            mapfile -t COMPREPLY < <(compgen -W 'debug info warning error off' -- "$current")
            ;;
        --log-sink) mapfile -t COMPREPLY < <(compgen -W 'auto stderr journal syslog file:' -- "$current") ;;
        --idle-exit | --ready-fd) ;;
        *)
            if ((COMP_CWORD == 1)) && [[ $current != -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W 'status services service nodes node ports config doctor notify listen' -- "$current")
            else
                mapfile -t COMPREPLY < <(compgen -W '--help --version --config --check-config --print-config
                    --socket --user --system --idle-exit --log-level --log-sink --ready-fd' -- "$current")
            fi
            ;;
    esac
}

complete -F _roudi roudi
