#include "base/codes.hpp"
#include "ops/ignores.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

// A file with problems at its lines.
struct File {
    SourceMap sources;
    SourceId source;
    Diagnostics problems;

    explicit File(std::string text, std::string path = "events.datasource")
        : source(sources.add(std::move(path), std::move(text))) {}

    File& with(const Code& code, std::uint32_t line) {
        const std::string_view text = sources.line(source, line);
        const auto begin = static_cast<std::uint32_t>(text.data() - sources.text(source).data());
        problems.add(code, {source, begin, begin + 1}, "wrong");
        return *this;
    }

    // Codes and lines of what is left, in the order of the file.
    std::string left() const {
        std::string out;
        const Diagnostics applied = ops::apply_ignores(problems, sources, [](const Code&) { return true; });
        for (const Diagnostic& problem : applied.sorted(sources)) {
            const std::uint32_t line = sources.locate(source, problem.labels.front().span.begin).line;
            out += (out.empty() ? "" : " ") + std::string(problem.code->id) + "@" + std::to_string(line);
        }
        return out;
    }

    std::string said() const {
        return render_text(ops::apply_ignores(problems, sources, [](const Code&) { return true; }), sources);
    }
};

} // namespace

TEST_CASE("a comment of its own acts on the next line that is neither blank nor a comment") {
    CHECK(File("# birdhouse: ignore F312: kept by law\nENGINE x\nOTHER y\n")
              .with(codes::F312, 2)
              .left()
              .empty());
    CHECK(File("# birdhouse: ignore F312: why\n\n# more\n  -- and more\nENGINE x\n")
              .with(codes::F312, 5)
              .left()
              .empty());
    CHECK(File("# birdhouse: ignore F312: why\nENGINE x\nOTHER y\n")
              .with(codes::F312, 2)
              .with(codes::F312, 3)
              .left() == "F312@3");
    CHECK(File("    -- birdhouse: ignore F331: why\n    SELECT *\n").with(codes::F331, 2).left().empty());
}

TEST_CASE("a comment behind something acts on its own line") {
    CHECK(File("ENGINE x # birdhouse: ignore F312: why\nOTHER y\n").with(codes::F312, 1).left().empty());
    CHECK(File("SELECT * -- birdhouse: ignore F331: why\nFROM t\n").with(codes::F331, 1).left().empty());
    CHECK(File("ENGINE x # birdhouse: ignore F312: why\nOTHER y\n").with(codes::F312, 2).left() ==
          "F341@1 F312@2");
}

TEST_CASE("a comment may act on the whole file, wherever it stands") {
    CHECK(File("a\nb\n# birdhouse: ignore-file F312, F325: why\n")
              .with(codes::F312, 1)
              .with(codes::F325, 2)
              .with(codes::F312, 2)
              .left()
              .empty());
}

TEST_CASE("only the codes that are named are ignored, each with its use") {
    CHECK(File("# birdhouse: ignore F312,F325 : why\na\n").with(codes::F312, 2).with(codes::F301, 2).left() ==
          "F341@1 F301@2");
}

TEST_CASE("two comments may ignore the same problem, and both have their use") {
    CHECK(File("# birdhouse: ignore-file F312: why\na # birdhouse: ignore F312: why\n")
              .with(codes::F312, 2)
              .left()
              .empty());
}

TEST_CASE("a comment without a reason says so and ignores nothing") {
    CHECK(File("# birdhouse: ignore F312\na\n").with(codes::F312, 2).left() == "F340@1 F312@2");
    CHECK(File("# birdhouse: ignore F312:  \na\n").with(codes::F312, 2).left() == "F340@1 F312@2");
    CHECK(File("# birdhouse: ignore F312\n").said() ==
          "events.datasource:1:14: error[F340]: the comment gives no reason\n"
          "1 | # birdhouse: ignore F312\n"
          "  |              ^^^^^^^^^^^\n"
          "  = help: say behind a colon why that is no problem here: whoever reads it next will ask\n");
}

TEST_CASE("unknown codes are told with the nearest, and errors of reading stay") {
    CHECK(File("# birdhouse: ignore F3I2: why\na\n").with(codes::F312, 2).left() == "F342@1 F312@2");
    CHECK(File("# birdhouse: ignore f312: why\n").said() ==
          "events.datasource:1:21: error[F342]: `f312` is no code of birdhouse\n"
          "1 | # birdhouse: ignore f312: why\n"
          "  |                     ^^^^\n"
          "  = help: did you mean `F312`?\n");
    CHECK(File("# birdhouse: ignore F101, F312: why\na\n").with(codes::F101, 2).with(codes::F312, 2).left() ==
          "F343@1 F101@2");
    CHECK(File("# birdhouse: ignore-file F341: why\n").left() == "F343@1");
}

TEST_CASE("a comment that asks for something else is told what can be asked") {
    CHECK(File("# birdhouse: ignroe F312: why\n").left() == "F344@1");
    CHECK(File("# birdhouse:\n").left() == "F344@1");
    CHECK(File("# birdhouse: ignore\n").left() == "F344@1");
    CHECK(File("# birdhouse: ignore : why\n").left() == "F344@1");
}

TEST_CASE("the mark counts only behind a comment's mark") {
    CHECK(File("name: birdhouse: ignore F312: why\n").with(codes::F312, 1).left() == "F312@1");
    CHECK(File("# Generated by birdhouse: ignore nothing\n").left().empty());
    CHECK(File("SELECT 'see birdhouse: ignore F312: why'\n").left().empty());
}

TEST_CASE("an ignore below which nothing stands hides nothing") {
    CHECK(File("a\n# birdhouse: ignore F312: why").with(codes::F312, 1).left() == "F312@1 F341@2");
}

TEST_CASE("nothing hidden is said only of codes that were looked for") {
    File file("# birdhouse: ignore F312: why\na\n");
    CHECK(ops::apply_ignores(file.problems, file.sources, [](const Code&) { return false; }).empty());
}

TEST_CASE("other commands hide what is ignored and say nothing of the comments") {
    File file("# birdhouse: ignore F312: why\na\n# birdhouse: ignore F312\nb\n");
    file.with(codes::F312, 2).with(codes::F312, 4);
    const Diagnostics left = ops::without_ignored(file.problems, file.sources);
    CHECK(left.warnings() == 1);
    CHECK(left.errors() == 0);
}

TEST_CASE("a problem without a place, or in another file, is not ignored") {
    File file("# birdhouse: ignore-file F312: why\n");
    const SourceId other = file.sources.add("b.datasource", "x\n");
    file.problems.add(codes::F312, {other, 0, 1}, "wrong");
    file.problems.add(codes::F312, {}, "wrong");
    CHECK(ops::without_ignored(file.problems, file.sources).warnings() == 2);
}
