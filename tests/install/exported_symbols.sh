#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# exported_symbols.sh LIBRARY: the shared library exports its public API and nothing of what it is made of.
set -euo pipefail

exported=$(nm -DC --defined-only "$1" | cut -d' ' -f3-)
grep -q '^ipc::Node::' <<<"$exported"
if grep -E 'boost::|nlohmann::|spdlog::|^roudi::|^ipc::(control|layout|port|ring|shm|wire)::' <<<"$exported" |
    grep -vE '^ipc::expected<'; then
    echo "the symbols above are nobody's business"
    exit 1
fi
