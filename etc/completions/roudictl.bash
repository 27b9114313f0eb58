# SPDX-License-Identifier: Apache-2.0
# bash completion for roudictl

_roudictl() {
    local current=${COMP_WORDS[COMP_CWORD]}
    local previous=${COMP_WORDS[COMP_CWORD - 1]}
    local verbs='status services service nodes node ports config explain doctor notify listen'
    local verb='' word i
    local -a broker=()
    COMPREPLY=()

    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case $word in
            --socket | --domain) broker+=("$word" "${COMP_WORDS[++i]}") ;;
            -*) ;;
            *) [[ -n $verb ]] || verb=$word ;;
        esac
    done

    case $previous in
        --socket)
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
            return
            ;;
        --domain | --watch | --id | --count | --interval) return ;;
    esac

    if [[ $current == -* ]]; then
        local options='--help --socket --domain'
        case $verb in
            '') options+=' --version' ;;
            services | nodes) options+=' --json --watch --names' ;;
            service) options+=' --json --watch --schema' ;;
            doctor) options+=' --json' ;;
            notify) options+=' --id --count --interval' ;;
            listen) options+=' --json --count' ;;
            *) options+=' --json --watch' ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
        return
    fi

    local name list=services
    case $verb in
        '') mapfile -t COMPREPLY < <(compgen -W "$verbs" -- "$current") ;;
        service | node | notify | listen | explain)
            [[ $verb == node ]] && list=nodes
            while IFS= read -r name; do
                [[ $name == "$current"* ]] && COMPREPLY+=("$(printf '%q' "$name")")
            done < <(roudictl "$list" "${broker[@]}" --names 2>/dev/null)
            ;;
    esac
}

complete -F _roudictl roudictl
