// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "record/entries.hpp"
#include "registry/entities.hpp"

namespace roudi {

// What a record says of them.
RecordedService recorded(const Service& service);
RecordedPort recorded(const Port& port);
RecordedHistory recorded(const Service& service, const KeptHistory& kept);
RecordedSegment recorded(const Port& port, const FurtherSegment& segment);
RecordedHalf recorded(const Connection& connection, const Connection::Half& half);

}  // namespace roudi
