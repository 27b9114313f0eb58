// SPDX-License-Identifier: Apache-2.0
#include "machine.hpp"

#include <sys/utsname.h>

#include <array>
#include <cstring>
#include <fstream>
#include <thread>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

namespace bench {

namespace {

std::string first_line(const char* path) {
    std::string line;
    std::getline(std::ifstream{path} >> std::ws, line);
    return line;
}

// The value of the first line of /proc/cpuinfo with this name.
std::string cpu_info(const std::string& name) {
    std::ifstream file{"/proc/cpuinfo"};
    for (std::string line; std::getline(file, line);)
        if (line.compare(0, name.size(), name) == 0)
            if (const auto colon = line.find(": "); colon != std::string::npos) return line.substr(colon + 2);
    return {};
}

// How the hypervisor names itself to the processor's instruction for such questions.
std::string hypervisor() {
    if (cpu_info("flags").find(" hypervisor") == std::string::npos) return "no hypervisor";
#if defined(__x86_64__) || defined(__i386__)
    constexpr unsigned hypervisor_leaf = 0x40000000;
    unsigned highest = 0;
    std::array<unsigned, 3> words{};
    __cpuid(hypervisor_leaf, highest, words[0], words[1], words[2]);
    std::array<char, sizeof words + 1> name{};
    std::memcpy(name.data(), words.data(), sizeof words);
    if (name[0] != 0) return std::string{"hypervisor "} + name.data();
#endif
    return "hypervisor of unknown make";
}

std::string governor() {
    const std::string name = first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    return name.empty() ? "no frequency governor visible" : "governor " + name;
}

std::string or_unknown(const std::string& text) {
    return text.empty() ? "unknown CPU" : text;
}

}  // namespace

std::string machine() {
    utsname system{};
    uname(&system);
#if defined(__clang__)
    const std::string compiler = "clang " __clang_version__;
#else
    const std::string compiler = "g++ " __VERSION__;
#endif
    return or_unknown(cpu_info("model name")) + ", " + std::to_string(std::thread::hardware_concurrency()) +
           " cores, " + system.sysname + ' ' + system.release + ", " + compiler + ", " + hypervisor() + ", " +
           governor();
}

}  // namespace bench
