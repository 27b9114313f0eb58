// SPDX-License-Identifier: Apache-2.0
#pragma once

// Everything is hidden unless it says otherwise: what carries this is the library's ABI.
#define IPC_API __attribute__((visibility("default")))
