#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# pkg_config.sh PREFIX LIBDIR CXX: builds a program outside the source tree by pkg-config, and runs it.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PKG_CONFIG_PATH=$1/$2/pkgconfig
cp "$here/consumer/main.cpp" "$work"
cd "$work"

# Word splitting is what pkg-config's output is made for.
# shellcheck disable=SC2046
"$3" -std=c++20 main.cpp -o shared $(pkg-config --cflags --libs libipc)
LD_LIBRARY_PATH=$1/$2 "$here/with_broker.sh" "$1/bin/roudi" ./shared

archive=$(pkg-config --variable=libdir libipc)/libipc.a
# shellcheck disable=SC2046
"$3" -std=c++20 main.cpp -o static $(pkg-config --cflags libipc) "$archive" -pthread
"$here/with_broker.sh" "$1/bin/roudi" ./static
