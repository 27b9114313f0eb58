// SPDX-License-Identifier: Apache-2.0
#pragma once

// Catch2 is a single header in version 2 and a library in version 3.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
