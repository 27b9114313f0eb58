// SPDX-License-Identifier: Apache-2.0
#include "doctor/doctor.hpp"

#include "doctor/autostart.hpp"
#include "doctor/brokers.hpp"
#include "doctor/kernel.hpp"
#include "doctor/limits.hpp"
#include "exit_code.hpp"
#include "show/member.hpp"
#include "text.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace roudictl {
namespace {

const char* name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::Ok:
            return "ok";
        case Verdict::Warn:
            return "warn";
        case Verdict::Fail:
            break;
    }
    return "fail";
}

Tone tone_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::Ok:
            return Tone::Good;
        case Verdict::Warn:
            return Tone::Warning;
        case Verdict::Fail:
            break;
    }
    return Tone::Bad;
}

void append(Findings& all, Findings some) {
    std::move(some.begin(), some.end(), std::back_inserter(all));
}

}  // namespace

Findings examine(const BrokerChoice& choice) {
    Findings findings = check_brokers(choice);
    findings.push_back(check_autostart());
    append(findings, check_limits());
    append(findings, check_kernel());
    return findings;
}

std::string show_findings(const Findings& findings, const Style& style) {
    constexpr std::size_t verdict_width = 6;
    std::size_t subject_width = 0;
    for (const auto& finding : findings) {
        subject_width = std::max(subject_width, display_width(finding.subject) + 2);
    }
    std::string text;
    for (const auto& finding : findings) {
        const std::string_view verdict = name_of(finding.verdict);
        text += style.paint(tone_of(finding.verdict), verdict);
        text.append(verdict_width - verdict.size(), ' ');
        text += style.paint(Tone::Heading, finding.subject);
        text.append(subject_width - display_width(finding.subject), ' ');
        text += printable(finding.text) + "\n";
        if (!finding.advice.empty()) {
            text.append(verdict_width + subject_width, ' ');
            text += "→ " + printable(finding.advice) + "\n";
        }
    }
    return text;
}

std::string findings_as_json(const Findings& findings) {
    auto list = Json::array();
    for (const auto& finding : findings) {
        list.push_back({{"verdict", name_of(finding.verdict)},
                        {"subject", finding.subject},
                        {"text", finding.text},
                        {"advice", finding.advice}});
    }
    return Json{{"findings", list}}.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

int exit_code_for(const Findings& findings) {
    const bool failed = std::any_of(findings.begin(), findings.end(),
                                    [](const Finding& finding) { return finding.verdict == Verdict::Fail; });
    return failed ? exit_not_found : exit_fine;
}

}  // namespace roudictl
