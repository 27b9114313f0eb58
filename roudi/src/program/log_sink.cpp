// SPDX-License-Identifier: Apache-2.0
#include "program/log_sink.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/syslog_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace roudi {

namespace {

constexpr std::string_view file_prefix = "file:";

constexpr std::array spdlog_levels{spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                   spdlog::level::err, spdlog::level::off};
constexpr std::array<std::string_view, 5> journal_prefixes{"<7>", "<6>", "<4>", "<3>", ""};

bool is_file(const std::string& name) {
    return name.compare(0, file_prefix.size(), file_prefix) == 0;
}

// Of a service, the manager says where its stderr goes.
bool stderr_is_the_journal() {
    return std::getenv("JOURNAL_STREAM") != nullptr;
}

tl::expected<spdlog::sink_ptr, std::string> make_bare_sink(const std::string& name) {
    if (name == "stderr" || name == "journal") return std::make_shared<spdlog::sinks::stderr_sink_st>();
    if (name == "syslog")
        return std::make_shared<spdlog::sinks::syslog_sink_st>("roudi", LOG_PID, LOG_DAEMON, false);
    if (is_file(name)) {
        try {
            return std::make_shared<spdlog::sinks::basic_file_sink_st>(name.substr(file_prefix.size()));
        } catch (const spdlog::spdlog_ex& error) {
            return tl::unexpected{std::string{"log.sink "} + name + ": " + error.what()};
        }
    }
    return tl::unexpected{"log.sink is \"" + name +
                          "\", and one of these is expected: auto stderr journal syslog file:PATH"};
}

tl::expected<spdlog::sink_ptr, std::string> make_sink(const std::string& name) {
    auto sink = make_bare_sink(name);
    const bool timed = name == "stderr" || is_file(name);  // the others have times of their own
    if (sink) (*sink)->set_pattern(timed ? "%Y-%m-%d %H:%M:%S.%e roudi %l: %v" : "%v");
    return sink;
}

}  // namespace

tl::expected<std::unique_ptr<LogSink>, std::string> LogSink::open(const std::string& sink,
                                                                  const std::string& level) {
    const std::string name = sink != "auto" ? sink : stderr_is_the_journal() ? "journal" : "stderr";
    auto made = make_sink(name);
    if (!made) return tl::unexpected{std::move(made.error())};
    auto logger = std::make_shared<spdlog::logger>("roudi", std::move(*made));
    logger->flush_on(spdlog::level::trace);
    std::unique_ptr<LogSink> log{new LogSink{name, std::move(logger)}};
    log->set_level(level);
    return log;
}

tl::expected<void, std::string> LogSink::reopen() {
    if (!is_file(name_)) return {};
    auto made = make_sink(name_);
    if (!made) return tl::unexpected{std::move(made.error())};
    logger_->sinks().front() = std::move(*made);
    return {};
}

void LogSink::set_level(const std::string& level) {
    const auto found = std::find(level_names.begin(), level_names.end(), level);
    logger_->set_level(spdlog_levels.at(static_cast<std::size_t>(found - level_names.begin())));
}

void LogSink::emit(Level level, const std::string& line) {
    const auto index = static_cast<std::size_t>(level);
    if (name_ == "journal")
        logger_->log(spdlog_levels[index], "{}{}", journal_prefixes[index], line);
    else
        logger_->log(spdlog_levels[index], "{}", line);
}

}  // namespace roudi
