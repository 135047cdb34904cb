#include "front_process.hpp"

#include <array>
#include <cstdlib>

#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

namespace birdhouse::testing {

FrontProcess::FrontProcess(const std::string& password) {
    std::array<int, 2> input{};
    std::array<int, 2> output{};
    REQUIRE(::pipe(input.data()) == 0);
    REQUIRE(::pipe(output.data()) == 0);
    child_ = ::fork();
    REQUIRE(child_ >= 0);
    if (child_ == 0) {
        ::dup2(input[0], STDIN_FILENO);
        ::dup2(output[1], STDOUT_FILENO);
        for (const int end : {input[0], input[1], output[0], output[1]}) {
            ::close(end);
        }
        if (!password.empty()) {
            ::setenv("FRONT_PASSWORD", password.c_str(), 1);
        }
        ::execl(BIRDHOUSE_CLICKHOUSE_FRONT, "clickhouse_front", nullptr);
        ::_exit(127);
    }
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    std::string port;
    for (char c = 0; ::read(output[0], &c, 1) == 1 && c != '\n';) {
        port += c;
    }
    ::close(output[0]);
    REQUIRE_FALSE(port.empty());
    url_ = "http://127.0.0.1:" + port;
}

FrontProcess::~FrontProcess() {
    ::close(input_);
    int status = 0;
    ::waitpid(child_, &status, 0);
}

} // namespace birdhouse::testing
