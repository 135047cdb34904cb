// What holds for every datafile that can be formatted at all.
#include "formatting.hpp"
#include "support/golden.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

std::vector<std::filesystem::path> all_inputs() {
    std::vector<std::filesystem::path> inputs = golden_inputs("fmt");
    for (const auto& input : golden_inputs("datafiles")) {
        inputs.push_back(input);
    }
    return inputs;
}

// True when the text could be formatted.
bool check_properties(const std::string& text, const Formatting& formatting) {
    const Formatted once = format_whole("input", text, formatting);
    CHECK(once.text.has_value() == once.problems.empty());
    if (!once.text) {
        return false;
    }
    INFO(*once.text);
    CHECK(once.difference == "");
    CHECK(once.text->find('\r') == std::string::npos);
    CHECK(once.text->find("\n\n\n") == std::string::npos);
    CHECK((once.text->empty() || (once.text->ends_with('\n') && !once.text->ends_with("\n\n"))));
    const Formatted twice = format_whole("formatted", *once.text, formatting);
    REQUIRE(twice.text.has_value());
    CHECK(*twice.text == *once.text);
    return true;
}

std::string mutated(std::string text, std::mt19937& random) {
    const auto below = [&](std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
    };
    const auto line_at = [&](std::size_t at) { return text.rfind('\n', at) + 1; };
    static constexpr std::string_view kPieces[] = {"\n",
                                                   "\n\n",
                                                   "\n# note\n",
                                                   "\n    # note\n",
                                                   " # note",
                                                   " -- note",
                                                   "\nTOKEN x READ\n",
                                                   "\nINCLUDE \"a.incl\"\n",
                                                   "\nNODE n\n",
                                                   "\nENGINE_TTL \"a # b\"\n",
                                                   "\nTAGS \"a, b\"\n",
                                                   "\t",
                                                   "'",
                                                   "\""};
    for (std::size_t edits = 1 + below(4); edits > 0 && !text.empty(); --edits) {
        const std::size_t at = below(text.size());
        switch (below(3)) {
        case 0: { // a line moves elsewhere
            const std::size_t begin = line_at(at);
            const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
            const std::string line = text.substr(begin, end - begin);
            text.erase(begin, end - begin);
            text.insert(text.empty() ? 0 : line_at(below(text.size())), line);
            break;
        }
        case 1:
            text.insert(line_at(at), kPieces[below(std::size(kPieces))]);
            break;
        default:
            text.insert(at, kPieces[below(std::size(kPieces))]);
            break;
        }
    }
    return text;
}

} // namespace

TEST_CASE("the canonical form says the same, keeps all comments, and is settled") {
    for (const auto& input : all_inputs()) {
        INFO(input.filename().string());
        Formatting formatting = formatting_of_file(input);
        for (const codec::FormatStyle style : {codec::FormatStyle::Quoted, codec::FormatStyle::Tb}) {
            formatting.style = style;
            check_properties(read_text(input), formatting);
        }
    }
}

TEST_CASE("that holds as well for files whose lines are shuffled and damaged") {
    std::mt19937 random(20240912); // a fixed seed: a failure repeats
    std::size_t formatted = 0;
    for (const auto& input : all_inputs()) {
        INFO(input.filename().string());
        const std::string original = read_text(input);
        Formatting formatting = formatting_of_file(input);
        for (int round = 0; round < 60 && original.size() < 20'000; ++round) {
            const std::string text = mutated(original, random);
            INFO(text);
            formatting.style = round % 2 == 0 ? codec::FormatStyle::Quoted : codec::FormatStyle::Tb;
            formatting.dialect = round % 3 == 0 ? syntax::Dialect::Classic : syntax::Dialect::Forward;
            formatted += check_properties(text, formatting) ? 1U : 0U;
        }
    }
    CHECK(formatted > 1000); // else the damage is too great to test anything
}
