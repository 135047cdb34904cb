// Arrays as lines, and packing: the same bytes whatever the size of the reads.
#include "events/array_lines.hpp"
#include "events/deflate.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::events;

namespace {

ReadBytes reader_of(std::string_view& rest) {
    return [&rest](char* into, std::size_t most) {
        const std::size_t size = rest.copy(into, most);
        rest.remove_prefix(size);
        return size;
    };
}

std::string lines_of(std::string_view array, std::size_t step) {
    ArrayLines lines(reader_of(array));
    std::string all;
    std::string piece(step, '\0');
    std::size_t got = step;
    while (got == step) {
        got = lines.read(piece.data(), step);
        all.append(piece, 0, got);
    }
    return all;
}

} // namespace

TEST_CASE("the elements of an array are lines") {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"[]", ""},
        {" [ {\"a\": 1} , {\"b\":[1,2]}\n]\n", "{\"a\": 1} \n{\"b\":[1,2]} \n"},
        {"[{\"a\":\n \"x\"},{}]", "{\"a\":  \"x\"}\n{}\n"},
        {"[{\"a\":\"],\\\"}[\"},1]", "{\"a\":\"],\\\"}[\"}\n1\n"},
        {"[{\"a\":\"\\\\\"},2]", "{\"a\":\"\\\\\"}\n2\n"},
        {"[[1,[2]],[3]]", "[1,[2]]\n[3]\n"},
        {"\xEF\xBB\xBF[1]", "1\n"},
        {"[1,{\"a\":", "1\n{\"a\":"},
        {"[1] [2]", "1\n[2]"},
    };
    for (const auto& [array, lines] : cases) {
        for (const std::size_t step : {1U, 2U, 7U, 1000U}) {
            CAPTURE(array, step);
            CHECK(lines_of(array, step) == lines);
        }
    }
}

TEST_CASE("an array of many elements comes in pieces") {
    std::string array = "[";
    std::string lines;
    for (int i = 0; i < 50'000; ++i) {
        const std::string element = "{\"id\":" + std::to_string(i) + "}";
        array += (i == 0 ? "" : ",") + element;
        lines += element + "\n";
    }
    CHECK(lines_of(array + "]", 4096) == lines);
}

TEST_CASE("only what begins with a bracket is an array") {
    CHECK(begins_array("[{"));
    CHECK(begins_array(" \n["));
    CHECK(begins_array("\xEF\xBB\xBF ["));
    CHECK_FALSE(begins_array("{\"a\":[1]}"));
    CHECK_FALSE(begins_array(""));
}

TEST_CASE("what is packed is unpacked to the same bytes") {
    std::string text;
    for (int i = 0; i < 100'000; ++i) {
        text += std::to_string(i * 7919) + "\n";
    }
    for (const Packing packing : {Packing::Gzip, Packing::Zstd}) {
        for (const std::string& bytes : {std::string(), std::string("a"), text}) {
            const std::optional<std::string> packed = deflate(packing, bytes);
            REQUIRE(packed);
            CHECK(packing_of(*packed) == packing);
            std::string_view rest = *packed;
            std::string unpacked;
            const auto append = [&](std::string_view piece) {
                unpacked += piece;
                return true;
            };
            CHECK(inflate(packing, reader_of(rest), append).empty());
            CHECK(unpacked == bytes);
        }
    }
    CHECK(deflate(Packing::None, "a") == "a");
}
