// Contracts as JSON: what is read is what was written, the same contract gives the same bytes, and what is no
// contract is said to be none.
#include "codec/contract_file.hpp"
#include "support/golden.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;
using model::Contract;

namespace {

struct Read {
    std::optional<Contract> contract;
    std::string problems;
};

Read read(std::string text, const std::string& path = "pipes/contracts/top.v1.json") {
    SourceMap sources;
    Diagnostics problems;
    const SourceId source = sources.add(path, std::move(text));
    std::optional<Contract> contract = codec::read_contract(source, sources, problems);
    return {std::move(contract), render_text(problems, sources)};
}

// Letters, and whatever may stand in a name, a type or a default.
std::string random_text(std::mt19937& random) {
    static const std::vector<std::string> kPieces = {
        "a",    "Z",    "_",    "0", " ",      "'",      "\"",     "\\",   "\n",   "\t",  "\r",
        "\x01", "\x1f", "\x7f", "/", "{",      "}",      "[",      "]",    ",",    ":",   "#",
        "- ",   "é",    "世",   "😀", "\u0085", "\u2028", "\ufeff", "null", "true", "1e3", "`"};
    std::string text;
    for (std::size_t i = random() % 8; i > 0; --i) {
        text += kPieces[random() % kPieces.size()];
    }
    return text;
}

Contract random_contract(std::mt19937& random) {
    Contract contract;
    contract.version = {"top", 1};
    if (random() % 2 == 0) {
        contract.deprecated = days_after(*parse_date("2026-01-01"), static_cast<int>(random() % 2000));
    }
    contract.columns.emplace();
    for (std::size_t i = random() % 5; i > 0; --i) {
        contract.columns->push_back({"c" + std::to_string(i) + random_text(random), random_text(random), {}});
    }
    contract.group_by = random_text(random);
    contract.order = random_text(random);
    for (std::size_t i = 0, count = random() % 5; i < count; ++i) {
        model::Parameter parameter;
        parameter.name = "p" + std::to_string(i) + random_text(random);
        parameter.type = random_text(random);
        parameter.required = random() % 2 == 0;
        if (random() % 2 == 0) {
            parameter.default_value = random_text(random);
        }
        contract.parameters.push_back(std::move(parameter));
    }
    return contract;
}

const std::string kSmall = "{\"pipe\": \"top\", \"version\": 1, \"columns\": [], \"parameters\": []}";

} // namespace

TEST_CASE("a contract that is written reads as the same contract, and as the same bytes") {
    std::mt19937 random(7); // NOLINT(bugprone-random-generator-seed): a run must be repeatable
    for (int i = 0; i < 3000; ++i) {
        const Contract contract = random_contract(random);
        const std::string text = codec::write_contract(contract);
        const Read again = read(text);
        INFO(text << again.problems);
        REQUIRE(again.contract);
        CHECK(*again.contract == contract);
        CHECK(codec::write_contract(*again.contract) == text);
    }
}

TEST_CASE("what may be left out reads as nothing") {
    const Read small = read(kSmall);
    INFO(small.problems);
    REQUIRE(small.contract);
    CHECK(small.contract->columns->empty());
    CHECK_FALSE(small.contract->deprecated);
    CHECK(small.contract->group_by.empty());
}

TEST_CASE("what is no contract is told with its place, and is not half a contract") {
    const auto problems = [](const std::string& text,
                             const std::string& path = "pipes/contracts/top.v1.json") {
        const Read tried = read(text, path);
        CHECK_FALSE(tried.contract);
        return tried.problems;
    };
    CHECK(problems("").find("error[") != std::string::npos);
    CHECK(problems("[]").find("a contract is an empty list, not a map") != std::string::npos);
    CHECK(problems("{\"pipe\": \"top\"}").find("contract `top` lacks `version`") != std::string::npos);
    CHECK(problems(kSmall, "pipes/contracts/other.v1.json").find("error[F380]") != std::string::npos);
    CHECK(problems("{\"pipe\": \"top\", \"version\": 1, \"parameters\": [], \"columns\": [\n"
                   "  {\"name\": \"a\", \"type\": \"String\"}, {\"name\": \"a\", \"type\": \"String\"}]}")
              .find("error[F381]: output column `a` stands in the contract twice") != std::string::npos);
    CHECK(problems("{\"pipe\": \"top\", \"version\": 1, \"deprecated\": \"soon\", \"columns\": [], "
                   "\"parameters\": []}")
              .find("error[F382]: `deprecated` is `soon`, not a date") != std::string::npos);
}

TEST_CASE("a folder's contracts are read by name and version; other files are none") {
    const TemporaryFolder folder;
    folder.write("pipes/contracts/top.v1.json", kSmall);
    folder.write("pipes/contracts/readme.md", "not a contract");
    folder.write("pipes/contracts/all.v2.json",
                 "{\"pipe\": \"all\", \"version\": 2, \"columns\": [], \"parameters\": []}");
    SourceMap sources;
    Diagnostics problems;
    const std::vector<Contract> contracts = codec::load_contracts(folder.path(), sources, problems);
    CHECK(problems.empty());
    REQUIRE(contracts.size() == 2);
    CHECK(contracts[0].version == model::PipeVersion{"all", 2});
    CHECK(contracts[1].version == model::PipeVersion{"top", 1});
}
