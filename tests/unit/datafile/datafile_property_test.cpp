// What holds for every text, however broken: nothing is lost, nothing crashes, every place lies in the text.
#include "base/codes.hpp"
#include "codec/datasource_file.hpp"
#include "codec/pipe_file.hpp"
#include "datafile_reading.hpp"
#include "support/golden.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;
using syntax::Datafile;
using syntax::DatafileKind;

namespace {

std::string joined(const Datafile& file, const SourceMap& sources) {
    std::string text;
    for (const syntax::DatafileLine& line : file.lines) {
        text += sources.slice(line.span);
    }
    return text;
}

// Directives own disjoint runs of lines, in order, and the lines they own are theirs by kind.
void check_ownership(const Datafile& file) {
    std::vector<bool> owned(file.lines.size(), false);
    std::uint32_t free_from = 0;
    for (const syntax::Directive& directive : file.directives) {
        REQUIRE(directive.first_line >= free_from);
        free_from = directive.first_line + directive.line_count;
        REQUIRE(free_from <= file.lines.size());
        CHECK(file.lines[directive.first_line].kind == syntax::LineKind::Directive);
        std::fill_n(owned.begin() + directive.first_line, directive.line_count, true);
    }
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
        const syntax::LineKind kind = file.lines[i].kind;
        const bool must_be_owned = kind == syntax::LineKind::Directive || kind == syntax::LineKind::Content;
        CHECK((owned[i] || !must_be_owned));
    }
}

void check_places(const Diagnostics& diagnostics, std::size_t size) {
    for (const Diagnostic& diagnostic : diagnostics.all()) {
        REQUIRE(!diagnostic.labels.empty());
        for (const Label& label : diagnostic.labels) {
            CHECK(label.span.begin <= label.span.end);
            CHECK(label.span.end <= size);
        }
    }
}

void check_text(const std::string& text, DatafileKind kind, syntax::Dialect dialect) {
    SourceMap sources;
    const SourceId source = sources.add("mutant", text);
    Diagnostics diagnostics;
    const Datafile file = parse_datafile(source, sources, kind, diagnostics, dialect);
    const bool text_refused = !diagnostics.empty() && diagnostics.all().front().code == &codes::F001;
    CHECK(joined(file, sources) == (text_refused ? "" : text));
    check_ownership(file);
    if (kind == DatafileKind::Datasource) {
        codec::read_datasource_file(source, "mutant", sources, diagnostics, dialect);
    } else if (kind == DatafileKind::Pipe) {
        codec::read_pipe_file(source, "mutant", sources, diagnostics, dialect);
    }
    check_places(diagnostics, text.size());
}

std::string mutated(std::string text, std::mt19937& random) {
    static constexpr std::string_view kBytes = "\n\r\t `'\"#->(),%{}$\\[]:aE1_\xEF\xBB\xBF";
    const auto below = [&](std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
    };
    for (std::size_t edits = 1 + below(4); edits > 0 && !text.empty(); --edits) {
        const std::size_t at = below(text.size());
        switch (below(3)) {
        case 0:
            text.erase(at, 1 + below(8));
            break;
        case 1:
            text.insert(at, 1, kBytes[below(kBytes.size())]);
            break;
        default:
            text.insert(at, text.substr(below(text.size()), below(30)));
            break;
        }
    }
    return text;
}

} // namespace

TEST_CASE("the lines of the tree give the text back, and every place lies in it") {
    for (const auto& input : golden_inputs("datafiles")) {
        INFO(input.filename().string());
        check_text(read_text(input), kind_of_file(input), dialect_of_file(input));
    }
}

TEST_CASE("the tree stays lossless when the text is damaged at random") {
    std::mt19937 random(20240607); // a fixed seed: a failure repeats
    for (const auto& input : golden_inputs("datafiles")) {
        INFO(input.filename().string());
        const std::string original = read_text(input);
        for (int round = 0; round < 40; ++round) {
            const std::string text = mutated(original, random);
            INFO(text);
            check_text(text, kind_of_file(input),
                       round % 2 == 0 ? syntax::Dialect::Forward : syntax::Dialect::Classic);
        }
    }
}

TEST_CASE("each line of SQL knows the place it was read from") {
    SourceMap sources;
    const std::string text = "NODE a\r\nSQL >\r\n\r\n    SELECT 1,\r\n    # gone\r\n      2\r\n";
    const SourceId source = sources.add("a.pipe", text);
    Diagnostics diagnostics;
    const auto pipe = codec::read_pipe_file(source, "p", sources, diagnostics);
    REQUIRE(pipe.has_value());
    const model::Node& node = pipe->nodes.front();
    CHECK(node.sql == "SELECT 1,\n  2");
    REQUIRE(node.line_origins.size() == 2);
    CHECK(sources.locate(source, node.line_origins[0].span.begin) == LineColumn{4, 5});
    CHECK(sources.locate(source, node.line_origins[1].span.begin) == LineColumn{6, 5});
}

TEST_CASE("texts that invite quadratic reading come back at once") {
    constexpr std::size_t kCount = 20'000;
    const auto repeated = [](std::string_view piece) {
        std::string text;
        for (std::size_t i = 0; i < kCount; ++i) {
            text += piece;
        }
        return text;
    };
    for (const std::string_view piece : {"(\n", "\r", "a,", "a(b\n", "'\n", "`\n", "a String DEFAULT (\n",
                                         "-", "a\n", "NODE x\n", "SQL >\n", ","}) {
        INFO(piece);
        for (const std::string& text :
             {repeated(piece), "SCHEMA >\n " + repeated(piece), "NODE a\nSQL >\n " + repeated(piece)}) {
            SourceMap sources;
            const SourceId source = sources.add("large", text);
            Diagnostics diagnostics;
            codec::read_datasource_file(source, "large", sources, diagnostics);
            codec::read_pipe_file(source, "large", sources, diagnostics);
        }
    }
}
