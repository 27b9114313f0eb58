// SPDX-License-Identifier: Apache-2.0
#include "status/hung.hpp"

#include "broker/client.hpp"

#include <algorithm>

namespace roudi {

std::chrono::milliseconds takes_up_nothing_for(const Node& node) {
    const auto now = std::chrono::steady_clock::now();
    auto since = node.client->unread_since().value_or(now);
    for (const auto& [serial, port] : node.ports)
        for (const auto& [number, connection] : port->connections)
            for (const Connection::Half* half : {&connection->sender, &connection->receiver})
                if (half->port == port && half->offered_at && !half->mapped)
                    since = std::min(since, *half->offered_at);
    return std::chrono::duration_cast<std::chrono::milliseconds>(now - since);
}

}  // namespace roudi
