// Blocks of lines from streams, packed or not: whatever the block size, the lines are those of the reader.
#include "events/json_index.hpp"
#include "events/line_blocks.hpp"
#include "support/packed.hpp"

#include <random>
#include <sstream>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

// `text`, or `<too long>`, for each line that is not blank, with its number.
std::vector<std::pair<std::uint64_t, std::string>> lines_of(const std::string& input, std::size_t longest) {
    std::istringstream stream(input);
    events::LineBlocks blocks(stream, longest);
    std::vector<std::pair<std::uint64_t, std::string>> lines;
    std::uint64_t number = 0;
    for (events::LineBlock block; blocks.next(block);) {
        if (block.too_long) {
            lines.emplace_back(++number, "<too long>");
            continue;
        }
        for (std::string_view rest = block.text; !rest.empty();) {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            std::string_view line = rest.substr(0, end);
            line.remove_suffix(line.ends_with('\r') ? 1 : 0);
            ++number;
            if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
                lines.emplace_back(number, line);
            }
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    CHECK(blocks.failure().empty());
    CHECK(blocks.bytes_read() == input.size());
    return lines;
}

std::string read_all(const std::string& input, std::string& failure) {
    std::istringstream stream(input);
    events::InputBytes bytes(stream);
    std::string all;
    std::string piece(1000, '\0');
    while (const std::size_t got = bytes.read(piece.data(), piece.size())) {
        all.append(piece, 0, got);
    }
    failure = bytes.failure();
    return all;
}

std::string much_text() {
    std::string text;
    for (int n = 0; n < 40'000; ++n) {
        text += "{\"n\":" + std::to_string(n * 7919) + "}\n";
    }
    return text;
}

} // namespace

TEST_CASE("blocks hold the lines that the line reader reads") {
    std::mt19937 chance(5); // NOLINT(cert-msc51-cpp): the same inputs in every run
    for (int round = 0; round < 3'000; ++round) {
        std::string input = chance() % 4 == 0 ? "\xEF\xBB\xBF" : "";
        for (std::uint64_t length = chance() % 60; length > 0; --length) {
            input += "ab\n\n\r {"[chance() % 7];
        }
        const std::size_t longest = 1 + chance() % 12;
        std::istringstream stream(input);
        events::EventReader reader(stream, longest);
        std::vector<std::pair<std::uint64_t, std::string>> expected;
        while (const std::optional<events::EventLine> line = reader.next()) {
            expected.emplace_back(line->number, line->too_long ? "<too long>" : line->text);
        }
        INFO(round << " " << longest << " " << input);
        REQUIRE(lines_of(input, longest) == expected);
    }
}

TEST_CASE("a block can be looked at beyond its end") {
    std::istringstream stream("{\"a\":1}");
    events::LineBlocks blocks(stream);
    events::LineBlock block;
    REQUIRE(blocks.next(block));
    for (std::size_t at = 0; at < events::kTextPadding; ++at) {
        CHECK(block.text.data()[block.text.size() + at] == '\0');
    }
    CHECK_FALSE(blocks.next(block));
}

TEST_CASE("lines of many blocks arrive whole") {
    const std::string text = much_text();
    CHECK(lines_of(text, events::kLongestLine).size() == 40'000);
    const std::string long_lines = std::string(300'000, 'x') + "\n" + std::string(500'000, 'y') + "\n{}\n";
    CHECK(lines_of(long_lines, 400'000) == std::vector<std::pair<std::uint64_t, std::string>>{
                                               {1, std::string(300'000, 'x')}, {2, "<too long>"}, {3, "{}"}});
}

TEST_CASE("gzip and zstd are unpacked on the way, several streams in a row included") {
    const std::string text = much_text();
    std::string failure;
    CHECK(read_all(text, failure) == text);
    CHECK(read_all(gzipped(text), failure) == text);
    CHECK(read_all(gzipped(text) + gzipped("more\n"), failure) == text + "more\n");
    CHECK(read_all(zstd_packed(text) + zstd_packed("more\n"), failure) == text + "more\n");
    CHECK(failure.empty());
    CHECK(read_all("", failure).empty());
    CHECK(read_all("{}", failure) == "{}");
    CHECK(failure.empty());
}

TEST_CASE("packed data that is cut or damaged says so, after what could be read") {
    const std::string text = much_text();
    for (const std::string& packed : {gzipped(text), zstd_packed(text)}) {
        std::string failure;
        const std::string start = read_all(packed.substr(0, packed.size() / 2), failure);
        CHECK(text.starts_with(start));
        CHECK(failure == "the compressed data ends too early");
        std::string damaged = packed;
        for (std::size_t at = packed.size() / 2; at < packed.size() / 2 + 40; ++at) {
            damaged[at] = static_cast<char>(damaged[at] ^ 0x5A);
        }
        read_all(damaged, failure);
        CHECK(failure.find("damaged") != std::string::npos);
    }
}
