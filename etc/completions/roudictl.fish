# SPDX-License-Identifier: Apache-2.0
set -l verbs status services service nodes node ports config explain doctor notify listen
set -l no_verb "not __fish_seen_subcommand_from $verbs"

complete -c roudictl -f
complete -c roudictl -l socket -r -F -d 'Ask the broker on this socket'
complete -c roudictl -l domain -x -d 'Ask the broker of this domain'
complete -c roudictl -l help -d 'Show help'
complete -c roudictl -n "$no_verb" -l version -d 'Show the version'

complete -c roudictl -n "$no_verb" -a status -d 'The broker and what its users hold'
complete -c roudictl -n "$no_verb" -a services -d 'All services'
complete -c roudictl -n "$no_verb" -a service -d 'One service'
complete -c roudictl -n "$no_verb" -a nodes -d 'All nodes'
complete -c roudictl -n "$no_verb" -a node -d 'One node'
complete -c roudictl -n "$no_verb" -a ports -d 'All ports'
complete -c roudictl -n "$no_verb" -a config -d 'The configuration of the broker'
complete -c roudictl -n "$no_verb" -a explain -d 'Who may do what, and why'
complete -c roudictl -n "$no_verb" -a doctor -d 'Why it does not work'
complete -c roudictl -n "$no_verb" -a notify -d 'Notify the listeners of an event service'
complete -c roudictl -n "$no_verb" -a listen -d 'Print what happens in an event service'

complete -c roudictl -n "__fish_seen_subcommand_from $verbs; and not __fish_seen_subcommand_from notify" -l json -d 'For programs'
complete -c roudictl -n "__fish_seen_subcommand_from notify" -l id -x -d 'The event'
complete -c roudictl -n "__fish_seen_subcommand_from notify listen" -l count -x -d 'How often'
complete -c roudictl -n "__fish_seen_subcommand_from notify" -l interval -x -d 'Seconds between two'
complete -c roudictl -n "__fish_seen_subcommand_from status services service nodes node ports config explain" -l watch -d 'Again whenever something changed'
complete -c roudictl -n "__fish_seen_subcommand_from service" -l schema -d 'How its types are described'
complete -c roudictl -n "__fish_seen_subcommand_from services nodes" -l names -d 'Only the names'
complete -c roudictl -n "__fish_seen_subcommand_from service notify listen explain" -a "(roudictl services --names 2>/dev/null)"
complete -c roudictl -n "__fish_seen_subcommand_from node" -a "(roudictl nodes --names 2>/dev/null)"
