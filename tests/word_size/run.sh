#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh PEER TESTS: the tests, where the kernel runs 32-bit programs such as the peer. One without IA32
# emulation does not, and then there is nothing to show.
"$1" >/dev/null 2>&1
if [ $? -eq 126 ]; then
    echo "skipped: this kernel does not run 32-bit programs"
    exit 77
fi
exec "$2"
