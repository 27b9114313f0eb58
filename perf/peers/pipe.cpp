// SPDX-License-Identifier: Apache-2.0
#include "checked.hpp"
#include "contest.hpp"
#include "stream.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>

namespace bench {

// Two of them, one each way.
class Pipe {
 public:
    static constexpr const char* name = "pipe";
    static constexpr const char* how = "pipe(2), default size";
    static constexpr std::size_t largest = std::size_t{1} << 30;

    explicit Pipe(const Setting& setting) : buffers_{setting.payload} {
        for (auto& ends : pipes_) checked(pipe2(ends.data(), O_CLOEXEC), "pipe");
    }

    void join(bool first) {
        in_ = pipes_[first ? 1 : 0][0];
        out_ = pipes_[first ? 0 : 1][1];
    }

    void send(std::uint64_t number) {
        buffers_.send(number, [this](const void* bytes, std::size_t size) {
            return checked(write(out_, bytes, size), "write");
        });
    }
    bool receive(std::uint64_t number) {
        block(false);
        return take(number);
    }
    void wait(std::uint64_t number) {
        block(true);
        while (!take(number)) {
        }
    }

 private:
    bool take(std::uint64_t number) {
        return buffers_.receive(number,
                                [this](void* bytes, std::size_t size) { return read(in_, bytes, size); });
    }
    void block(bool wanted) {
        if (blocks_ == wanted) return;
        checked(fcntl(in_, F_SETFL, wanted ? 0 : O_NONBLOCK), "fcntl");
        blocks_ = wanted;
    }

    Stream buffers_;
    std::array<std::array<int, 2>, 2> pipes_{};
    int in_ = -1;
    int out_ = -1;
    bool blocks_ = true;
};

}  // namespace bench

int main(int argc, char** argv) {
    return bench::contest<bench::Pipe>(argc, argv);
}
