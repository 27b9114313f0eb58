// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/system_error.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <tl/expected.hpp>

#include <functional>
#include <string>

namespace roudi {

namespace asio = boost::asio;

// Says when it is worth looking whether the socket's file is still there: costs nothing until something
// happens in its directory.
class SocketWatch {
 public:
    SocketWatch(asio::io_context& loop, const std::string& socket, std::function<void()> look);

    // Where it fails, nobody will be told.
    using Begun = tl::expected<void, ipc::shm::SystemError>;
    Begun begin();
    // Tells once more in a moment, and watches what is the directory then.
    void look_again();
    void end();

 private:
    Begun watch_directory();
    void await_changes();

    std::string directory_;
    std::function<void()> look_;
    asio::posix::stream_descriptor changes_;
    asio::steady_timer again_;
};

}  // namespace roudi
