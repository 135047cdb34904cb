#include "model/pipe_version.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::model;

TEST_CASE("version 1 keeps its name, later ones say theirs, once") {
    CHECK(published_name("top", 1) == "top");
    CHECK(published_name("top", 2) == "top__v2");
    CHECK(published_name("top__v2", 2) == "top__v2");
    CHECK(published_name("top__v2", 12) == "top__v2__v12");
}

TEST_CASE("a pipe's version is in its name, or given by VERSION of Classic") {
    const auto version = [](std::string name, std::optional<std::uint32_t> classic = {}) {
        Pipe pipe;
        pipe.name = std::move(name);
        pipe.classic_version = classic;
        return version_of(pipe);
    };
    CHECK(version("top") == PipeVersion{"top", 1});
    CHECK(version("top__v3") == PipeVersion{"top", 3});
    CHECK(version("top", 4) == PipeVersion{"top", 4});
    CHECK(version("top__vx") == PipeVersion{"top__vx", 1});
    CHECK(version("top__v3x") == PipeVersion{"top__v3x", 1});
    CHECK(version("__v3") == PipeVersion{"__v3", 1});
    CHECK(version("top__v99999999999") == PipeVersion{"top__v99999999999", 1});
}
