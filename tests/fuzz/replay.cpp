// SPDX-License-Identifier: Apache-2.0
// Runs one target over every file of a directory, with any compiler: replay TARGET DIRECTORY
#include "target.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

int main(int count, char** arguments) {
    if (count != 3) {
        std::cerr << "usage: fuzz_replay TARGET DIRECTORY\n";
        return 2;
    }
    const std::string_view name{arguments[1]};
    const auto& targets = fuzz::targets();
    const auto target =
        std::find_if(targets.begin(), targets.end(), [&](const auto& known) { return known.name == name; });
    if (target == targets.end()) {
        std::cerr << "no target is called " << name << '\n';
        return 2;
    }
    int inputs = 0;
    for (const auto& entry : std::filesystem::directory_iterator{arguments[2]}) {
        std::ifstream file{entry.path(), std::ios::binary};
        const std::string input{std::istreambuf_iterator<char>{file}, {}};
        std::cerr << entry.path() << '\n';  // the last one is the one that did it
        target->run(input);
        ++inputs;
    }
    std::cout << name << ": " << inputs << " inputs replayed\n";
    return inputs == 0 ? 1 : 0;
}
