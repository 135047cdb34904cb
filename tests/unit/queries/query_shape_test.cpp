// The engine's own parser on rendered templates: hostile and random values against harmless ones.
#include "support/engine_library.hpp"
#include "support/query_shapes.hpp"
#include "target/embedded.hpp"

#include <algorithm>
#include <random>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

// What closes, opens, escapes and separates in SQL and in templates comes often, other bytes now and then.
std::string random_value(std::mt19937& random) {
    constexpr std::string_view kSigns("'\"`\\%_;,.|()[]{}#-/*=\0\n\r\t\x1A $@?", 33);
    std::string value;
    const auto length = static_cast<std::size_t>(random() % 12);
    for (std::size_t i = 0; i < length; ++i) {
        const unsigned kind = static_cast<unsigned>(random() % 8);
        value += kind < 5   ? kSigns[random() % kSigns.size()]
                 : kind < 7 ? static_cast<char>('a' + random() % 26)
                            : static_cast<char>(random() % 256);
    }
    return value;
}

// The parsed query without what values and quoted names hold. Names in it can hold line ends: cut at them.
std::string tree_of(target::SqlChannel& engine, const std::string& sql) {
    const auto parsed = engine.query("EXPLAIN AST " + sql, "TSV", {});
    if (!parsed) {
        return "refused: " + parsed.error().message.substr(0, 60);
    }
    std::string shape;
    for (std::size_t at = 0; at < parsed->bytes.size();) {
        const std::size_t end = std::min(parsed->bytes.find('\n', at), parsed->bytes.size());
        std::string line = parsed->bytes.substr(at, end - at);
        for (const std::string_view word : {"Literal ", "Identifier "}) {
            if (const std::size_t found = line.find(word); found != std::string::npos) {
                line.resize(found + word.size());
            }
        }
        shape += line + "\n";
        at = end + 1;
    }
    return shape;
}

} // namespace

TEST_CASE("no value changes the query that the engine's parser sees") {
    REQUIRE_ENGINE(library);
    const auto engine = target::open_scratch(library).value();
    std::mt19937 random(20'261'126);
    for (const QueryShape& shape : kQueryShapes) {
        for (int i = 0; i < 60; ++i) {
            const std::string value = random_value(random);
            const auto sql = render_shape(shape, value);
            const auto harmless = render_shape(shape, harmless_like(shape, value));
            if (!sql) { // refused, as a number that is none
                continue;
            }
            REQUIRE(harmless);
            INFO("template " << shape.text << "\nvalue " << Catch::StringMaker<std::string>::convert(value)
                             << "\nsql " << *sql);
            const std::string tree = tree_of(*engine, *sql);
            // The engine knows no empty name; one with a line end takes several lines of the printed tree.
            const bool name = shape.text.find("symbol(") != std::string_view::npos ||
                              shape.text.find("column(") != std::string_view::npos;
            const bool unreadable =
                name && (sql->find("``") != std::string::npos || value.find('\n') != std::string::npos);
            if (!unreadable) {
                CHECK(tree == tree_of(*engine, *harmless));
            }
            CHECK(token_shape(*sql) == token_shape(*harmless));
        }
    }
}
