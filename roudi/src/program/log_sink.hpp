// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "roudi/log.hpp"

#include <tl/expected.hpp>

#include <memory>
#include <string>

namespace spdlog {
class logger;
}

namespace roudi {

// The program's log.
class LogSink : public Log {
 public:
    // `sink`: stderr; journal (stderr with the prefixes that journald reads, and no time of its own); syslog;
    // file:PATH; or auto, which is journal if stderr goes there, else stderr.
    static tl::expected<std::unique_ptr<LogSink>, std::string> open(const std::string& sink,
                                                                    const std::string& level);

    // One of Log::level_names.
    void set_level(const std::string& level);

 private:
    LogSink(std::shared_ptr<spdlog::logger> logger, bool prefixed)
        : logger_{std::move(logger)}, prefixed_{prefixed} {}
    void emit(Level level, const std::string& line) override;

    std::shared_ptr<spdlog::logger> logger_;
    bool prefixed_;
};

}  // namespace roudi
