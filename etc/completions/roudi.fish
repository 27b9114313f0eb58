# SPDX-License-Identifier: Apache-2.0
complete -c roudi -f
complete -c roudi -l help -d 'Show help'
complete -c roudi -l version -d 'Show the version'
complete -c roudi -l config -r -F -d 'Read this configuration file'
complete -c roudi -l check-config -d 'Check the configuration and end'
complete -c roudi -l print-config -d 'Show the configuration and where each value came from'
complete -c roudi -l socket -r -F -d 'Listen on this socket'
complete -c roudi -l user -d 'Serve the user who starts it'
complete -c roudi -l system -d 'Serve the whole system'
complete -c roudi -l idle-exit -x -d 'End after that many seconds without a session'
complete -c roudi -l log-level -x -a 'debug info warning error off' -d 'Least important message that is logged'
complete -c roudi -l log-sink -x -a 'auto stderr journal syslog file:' -d 'Where the log goes'
complete -c roudi -n __fish_is_first_arg -a 'status services service nodes node ports config doctor' -d 'Ask roudictl'
