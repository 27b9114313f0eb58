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
    // A file that was renamed meanwhile is left, and one of its old name begun; the error says why it cannot
    // be, and then the log goes on where it was. Does nothing for what is no file.
    tl::expected<void, std::string> reopen();

 private:
    LogSink(std::string name, std::shared_ptr<spdlog::logger> logger)
        : name_{std::move(name)}, logger_{std::move(logger)} {}
    void emit(Level level, const std::string& line) override;

    std::string name_;  // of the sink, and never auto
    std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace roudi
