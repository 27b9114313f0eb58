#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# cmake_package.sh PREFIX CXX: builds a program outside the source tree by find_package, and runs it.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$here/consumer" "$work/source"
cmake -S "$work/source" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_CXX_COMPILER="$2" -DCMAKE_PREFIX_PATH="$1"
cmake --build "$work/build"
for variant in shared static; do
    "$here/with_broker.sh" "$1/bin/roudi" "$work/build/consumer_$variant"
done
