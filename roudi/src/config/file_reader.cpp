// SPDX-License-Identifier: Apache-2.0
#include "config/file_reader.hpp"

#include "config/policy_reader.hpp"
#include "text/nearest.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <set>

namespace roudi {

namespace {

// Characters of a text, counting lines as they are consumed: the parser's own errors about meaning have no
// line numbers.
class CountingIterator {
 public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    CountingIterator(const char* position, std::size_t* line) : position_{position}, line_{line} {}

    reference operator*() const { return *position_; }
    CountingIterator& operator++() {
        if (*position_ == '\n') ++*line_;
        ++position_;
        return *this;
    }
    CountingIterator operator++(int) {
        const auto before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const CountingIterator& left, const CountingIterator& right) {
        return left.position_ == right.position_;
    }
    friend bool operator!=(const CountingIterator& left, const CountingIterator& right) {
        return !(left == right);
    }

 private:
    const char* position_;
    std::size_t* line_;
};

// Takes the parser's events, in the interface that it asks for.
class Handler : public nlohmann::json_sax<nlohmann::json> {
 public:
    Handler(const std::string& file, const std::vector<Key>& keys, const std::size_t& line)
        : file_{file}, keys_{keys}, line_{line} {}

    std::vector<Assignment> assignments;
    std::string error;

    bool null() override { return wrong_type("null"); }
    bool boolean(bool value) override { return wrong_type(value ? "true" : "false"); }
    bool number_integer(number_integer_t value) override { return wrong_type(std::to_string(value)); }
    bool number_unsigned(number_unsigned_t value) override {
        return policy_ ? take(policy_->number(value)) : assign(std::uint64_t{value});
    }
    bool number_float(number_float_t, const string_t& text) override { return wrong_type(text); }
    bool string(string_t& value) override { return policy_ ? take(policy_->text(value)) : assign(value); }
    bool binary(binary_t&) override { return wrong_type("binary"); }
    bool start_array(std::size_t) override {
        if (policy_) return take(policy_->begin_list());
        const Key* key = prefixes_.empty() ? nullptr : known(path_);
        if (key == nullptr || !std::holds_alternative<Policy*>(key->value)) return wrong_type("a list");
        policy_.emplace();
        return true;
    }
    bool end_array() override {
        if (!policy_->end_list()) return true;
        Policy policy = policy_->take();
        policy_.reset();
        return assign(std::move(policy));
    }

    bool start_object(std::size_t) override {
        if (policy_) return take(policy_->begin_object(file_ + ":" + std::to_string(line_)));
        if (!path_.empty() && known(path_)) return wrong_type("an object");
        prefixes_.push_back(path_);
        return true;
    }
    bool end_object() override {
        if (policy_) return take(policy_->end_object());
        path_ = prefixes_.back();
        prefixes_.pop_back();
        return true;
    }
    bool key(string_t& name) override {
        if (policy_) return take(policy_->key(name));
        path_ = prefixes_.back().empty() ? name : prefixes_.back() + "." + name;
        if (!known(path_) && !is_group(path_)) return fail("unknown key " + path_ + hint());
        if (!seen_.insert(path_).second) return fail("key " + path_ + " is there twice");
        key_line_ = line_;
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& problem) override {
        // Before this comes the library's number for the error.
        const std::string_view text{problem.what()};
        const auto begin = std::min(text.find("syntax error"), text.size());
        return fail("this is not JSON: " + std::string{text.substr(begin)});
    }

 private:
    bool fail(const std::string& what) {
        error = file_ + ":" + std::to_string(line_) + ": " + what;
        return false;
    }
    bool fail_at_key(const std::string& what) {
        error = file_ + ":" + std::to_string(key_line_) + ": " + what;
        return false;
    }
    // What the policy says to an event.
    bool take(const std::string& problem) { return problem.empty() || fail(problem); }
    bool wrong_type(const std::string& value) {
        if (policy_) return fail(policy_->value(value));
        const Key* key = known(path_);
        if (path_.empty()) return fail("the configuration is " + value + ", and an object is expected");
        const char* expected = key == nullptr                                     ? "an object"
                               : std::holds_alternative<Policy*>(key->value)      ? "a list of rules"
                               : std::holds_alternative<std::string*>(key->value) ? "a text"
                                                                                  : "a number from 0 on";
        return fail_at_key(path_ + " is " + value + ", and " + expected + " is expected");
    }
    bool assign(ConfiguredValue value) {
        const Key* key = prefixes_.empty() ? nullptr : known(path_);
        if (key == nullptr ||
            (std::holds_alternative<Policy*>(key->value) != std::holds_alternative<Policy>(value)))
            return wrong_type(std::holds_alternative<std::string>(value) ? "a text" : "a number");
        if (const std::string problem = key->why_unacceptable(value); !problem.empty())
            return fail_at_key(problem);
        assignments.push_back(
            {.key = path_, .value = std::move(value), .from = file_ + ":" + std::to_string(key_line_)});
        return true;
    }

    const Key* known(const std::string& name) const {
        const auto found = std::find_if(keys_.begin(), keys_.end(),
                                        [&](const Key& candidate) { return candidate.name == name; });
        return found == keys_.end() ? nullptr : &*found;
    }
    bool is_group(const std::string& name) const {
        return std::any_of(keys_.begin(), keys_.end(), [&](const Key& candidate) {
            return candidate.name.compare(0, name.size() + 1, name + ".") == 0;
        });
    }
    std::string hint() const {
        Nearest nearest{path_};
        for (const Key& candidate : keys_) nearest.consider(candidate.name);
        return nearest.found().empty() ? "" : "; did you mean " + std::string{nearest.found()} + "?";
    }

    const std::string& file_;
    const std::vector<Key>& keys_;
    const std::size_t& line_;
    std::size_t key_line_ = 1;
    std::string path_;
    std::vector<std::string> prefixes_;
    std::set<std::string> seen_;
    std::optional<PolicyReader> policy_;  // while its list is read
};

}  // namespace

tl::expected<std::vector<Assignment>, std::string> read_configuration(std::string_view text,
                                                                      const std::string& file,
                                                                      const std::vector<Key>& keys) {
    std::size_t line = 1;
    Handler handler{file, keys, line};
    const bool fine = nlohmann::json::sax_parse(
        CountingIterator{text.data(), &line}, CountingIterator{text.data() + text.size(), &line}, &handler,
        nlohmann::json::input_format_t::json, /*strict=*/true, /*ignore_comments=*/true);
    if (!fine) return tl::unexpected{std::move(handler.error)};
    return std::move(handler.assignments);
}

}  // namespace roudi
