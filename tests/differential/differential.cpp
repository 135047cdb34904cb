// Random values of every type that ingestion fills, broken ones too: is the native verdict the engine's, and
// is what `send` writes read as what was sent?
//   differential ROWS SEED      exits with 1 at any difference that no rule of oracle.cpp explains
#include "base/text.hpp"
#include "engine/connection.hpp"
#include "events/checker.hpp"
#include "events/json_text.hpp"
#include "model/project.hpp"
#include "oracle.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <vector>

using namespace birdhouse;
using namespace birdhouse::differential;

namespace {

constexpr const char* kScalars[] = {"UInt8",
                                    "UInt16",
                                    "UInt32",
                                    "UInt64",
                                    "UInt128",
                                    "UInt256",
                                    "Int8",
                                    "Int16",
                                    "Int32",
                                    "Int64",
                                    "Int128",
                                    "Int256",
                                    "Float32",
                                    "Float64",
                                    "Decimal(9, 2)",
                                    "Decimal(6, 0)",
                                    "Decimal(18, 4)",
                                    "Decimal(38, 10)",
                                    "Decimal(4, 4)",
                                    "String",
                                    "FixedString(8)",
                                    "UUID",
                                    "Bool",
                                    "Date",
                                    "Date32",
                                    "DateTime",
                                    "DateTime('Europe/Madrid')",
                                    "DateTime64(0)",
                                    "DateTime64(3)",
                                    "DateTime64(6)",
                                    "DateTime64(9)",
                                    "DateTime64(3, 'America/New_York')",
                                    "JSON"};
// `T` is one of the above.
constexpr const char* kWrappers[] = {"T",
                                     "T",
                                     "Nullable(T)",
                                     "LowCardinality(T)",
                                     "LowCardinality(Nullable(T))",
                                     "Array(T)",
                                     "Array(Nullable(T))",
                                     "Array(LowCardinality(T))",
                                     "Map(String, T)",
                                     "Array(Array(T))"};

// Of scalars that the engine has no such type for there is nothing to ask.
bool exists(const std::string& wrapper, const std::string& scalar) {
    // No floats: of 0 and -0, which are equal, a dictionary keeps the one that came first.
    constexpr const char* kDictionaries[] = {"UInt8",          "UInt32", "Int64", "String",
                                             "FixedString(8)", "UUID",   "Date",  "DateTime"};
    if (wrapper.find("LowCardinality") != std::string::npos) {
        return std::find(std::begin(kDictionaries), std::end(kDictionaries), scalar) !=
               std::end(kDictionaries);
    }
    return scalar != "JSON" || wrapper == "T" || wrapper == "Array(T)" || wrapper == "Map(String, T)";
}

// As `send` has it, and as ingestion reads what JSONEachRow would refuse.
constexpr const char* kSettings =
    " SETTINGS session_timezone = 'UTC', date_time_input_format = 'best_effort', "
    "input_format_json_read_objects_as_strings = 1, input_format_json_read_numbers_as_strings = 1, "
    "input_format_json_read_bools_as_strings = 1, input_format_json_read_arrays_as_strings = 1";

struct Sample {
    std::string json;
    std::string written;  // the accepted row; empty when it was refused
    bool readable = true; // by the engine, as it is
};

struct Difference {
    std::string type;
    std::string json;
    std::string what;
};

std::string wrapped(std::string wrapper, const std::string& type) {
    return wrapper.replace(wrapper.find('T'), 1, type);
}

events::EventSchema schema_of(const std::string& type) {
    model::Datasource datasource;
    datasource.name = "d";
    model::Column column;
    column.name = "v";
    column.type = type;
    column.json_path = "$.v";
    datasource.columns.push_back(std::move(column));
    Diagnostics problems;
    return events::EventSchema::compile(datasource, {}, {}, problems).value();
}

class Comparison {
public:
    Comparison(const engine::Connection& connection, std::uint64_t seed)
        : connection_(connection), chance_(seed) {}

    Result<void> run(std::uint64_t rows) {
        constexpr std::uint64_t kBatch = 2'000;
        std::vector<std::string> types;
        for (const char* wrapper : kWrappers) {
            for (const char* scalar : kScalars) {
                types.push_back(wrapped(wrapper, scalar));
            }
        }
        std::uint64_t at = chance_.below(types.size());
        for (std::uint64_t left = rows; left > 0; ++at) {
            const std::uint64_t count =
                std::min(left, std::min<std::uint64_t>(kBatch, rows / types.size() + 1));
            const std::size_t place = at % types.size();
            if (!exists(kWrappers[place / std::size(kScalars)], kScalars[place % std::size(kScalars)])) {
                continue;
            }
            TRY(compare(kWrappers[place / std::size(kScalars)], kScalars[place % std::size(kScalars)],
                        count));
            left -= count;
        }
        return {};
    }

    void print(std::uint64_t rows, std::uint64_t seed) const {
        std::cout << rows << " rows of seed " << seed << ": " << accepted_ << " accepted, "
                  << rows - accepted_ << " refused, " << asked_ << " texts judged by the engine, " << stored_
                  << " stored values compared\n";
        for (const auto& [rule, count] : by_rule_) {
            std::cout << "  " << rule->name << ": " << count << ", by ingestion's own rule: " << rule->reason
                      << "\n";
        }
        for (const Difference& one : differences_) {
            std::cout << "difference: " << one.type << " from " << one.json << ": " << one.what << "\n";
        }
        std::cout << differences_.size() << " unexplained differences\n";
    }
    bool agrees() const { return differences_.empty(); }

private:
    // What the native checker makes of `{"v": json}`.
    static Sample check(events::EventChecker& checker, const std::string& json) {
        Sample sample{json, ""};
        checker.check("{\"v\":" + json + "}", &sample.written);
        return sample;
    }

    Result<void> compare(const std::string& wrapper, const std::string& scalar, std::uint64_t count) {
        const events::EventSchema leaf_schema = schema_of(scalar);
        events::EventChecker leaf_checker(leaf_schema);
        const std::string type = wrapped(wrapper, scalar);
        const events::EventSchema schema = schema_of(type);
        events::EventChecker checker(schema);
        std::vector<Sample> samples;
        std::vector<Leaf> leaves;
        std::vector<bool> leaf_verdicts;
        while (samples.size() < count) {
            const std::size_t before = leaves.size();
            const bool nullable = wrapper.find("Nullable") != std::string::npos;
            bool expected = true;
            bool readable = true;
            const auto part = [&] {
                leaves.push_back(random_leaf(scalar, chance_));
                const Leaf& leaf = leaves.back();
                readable = readable && engine_reads(scalar, leaf);
                const Sample plain = check(leaf_checker, leaf.json);
                leaf_verdicts.push_back(!plain.written.empty());
                const std::string escaped = check(leaf_checker, leaf.escaped).written;
                if (escaped.empty() != plain.written.empty() ||
                    (escaped != plain.written && scalar.find("String") == std::string::npos)) {
                    report(scalar, leaf.escaped, "an escape makes a difference");
                }
                expected =
                    expected && (leaf_verdicts.back() || (nullable && leaves.back().kind == Kind::Null));
                return leaves.back().json;
            };
            samples.push_back(check(checker, container(wrapper, part)));
            samples.back().readable = readable;
            if (expected == samples.back().written.empty()) {
                report(type, samples.back().json,
                       "a whole and its " + std::to_string(leaves.size() - before) + " parts differ");
            }
            accepted_ += samples.back().written.empty() ? 0U : 1U;
        }
        TRY(judge(scalar, leaves, leaf_verdicts));
        return compare_stored(type, samples);
    }

    template <class Part>
    std::string container(const std::string& wrapper, Part part) {
        const auto list = [&](auto element) {
            std::string json;
            for (std::uint64_t left = chance_.below(4); left > 0; --left) {
                json += element() + (left == 1 ? "" : chance_.one_in(3) ? " , " : ",");
            }
            return json;
        };
        if (wrapper.starts_with("Array(Array")) {
            return "[" + list([&] { return "[" + list(part) + "]"; }) + "]";
        }
        if (wrapper.starts_with("Array")) {
            return "[" + list(part) + "]";
        }
        if (wrapper.starts_with("Map")) {
            int key = 0;
            return "{" + list([&] { return "\"k" + std::to_string(key++) + "\":" + part(); }) + "}";
        }
        return part();
    }

    // Own rules first; the rest is asked of the engine in one statement.
    Result<void> judge(const std::string& type, const std::vector<Leaf>& leaves,
                       const std::vector<bool>& verdicts) {
        std::string rows;
        std::vector<std::size_t> asked;
        for (std::size_t at = 0; at < leaves.size(); ++at) {
            if (const OwnRule* rule = own_rule(type, leaves[at])) {
                ++by_rule_[rule];
                if (rule->taken != verdicts[at]) {
                    report(type, leaves[at].json, "against the rule: " + std::string(rule->name));
                }
                continue;
            }
            rows += "{\"id\":" + std::to_string(asked.size()) + ",\"s\":";
            events::append_json_string(rows, leaves[at].text);
            rows += "}\n";
            asked.push_back(at);
        }
        if (asked.empty()) {
            return {};
        }
        TRY(fresh_table("q", "id UInt32, s String"));
        TRY(connection_.insert("INSERT INTO q", "JSONEachRow", rows));
        TRY_ASSIGN(const engine::Answer answer,
                   connection_.query("SELECT toUInt8(" + question(type) + ") FROM q ORDER BY id", "TSV", {}));
        for (std::size_t at = 0; at < asked.size(); ++at) {
            const bool taken = answer.bytes[2 * at] == '1';
            if (taken != verdicts[asked[at]]) {
                report(type, leaves[asked[at]].json,
                       taken ? "only the engine takes it" : "only the checker takes it");
            }
        }
        asked_ += asked.size();
        return {};
    }

    // The engine reads what was sent and what was written for it.
    Result<void> compare_stored(const std::string& type, const std::vector<Sample>& samples) {
        std::string sent;
        std::string written;
        std::uint64_t count = 0;
        for (std::size_t at = 0; at < samples.size(); ++at) {
            if (!samples[at].written.empty()) {
                const std::string id = "{\"id\":" + std::to_string(at) + ",";
                const std::string row = id + samples[at].written.substr(1);
                sent += samples[at].readable ? id + "\"v\":" + samples[at].json + "}\n" : row;
                written += row;
                ++count;
            }
        }
        if (count == 0) {
            return {};
        }
        for (const auto& [table, rows] : {std::pair("sent", &sent), std::pair("written", &written)}) {
            TRY(fresh_table(table, "id UInt32, v " + type));
            TRY(insert_each(type, table, *rows));
        }
        TRY_ASSIGN(const engine::Answer answer,
                   connection_.query("SELECT id, toString(sent.v) AS a, toString(written.v) AS b FROM sent "
                                     "FULL JOIN written USING id "
                                     "WHERE a IS DISTINCT FROM b ORDER BY id",
                                     "TSV", {}));
        std::string_view lines = answer.bytes;
        while (!lines.empty()) {
            const std::string line(lines.substr(0, lines.find('\n')));
            report(type, samples[std::stoul(line)].json, "stored otherwise: " + line);
            lines.remove_prefix(line.size() + 1);
        }
        stored_ += count;
        return {};
    }

    // All at once; one after the other to find those that the engine cannot read.
    Result<void> insert_each(const std::string& type, const std::string& table, std::string_view rows) {
        const std::string sql = "INSERT INTO " + table + kSettings;
        if (connection_.insert(sql, "JSONEachRow", rows)) {
            return {};
        }
        TRY(connection_.query("TRUNCATE TABLE " + table, "Null", {}));
        while (!rows.empty()) {
            const std::string_view row = rows.substr(0, rows.find('\n') + 1);
            if (const auto inserted = connection_.insert(sql, "JSONEachRow", row); !inserted) {
                report(type, std::string(trim(row)), table + ", and the engine: " + inserted.error().message);
            }
            rows.remove_prefix(row.size());
        }
        return {};
    }

    Result<void> fresh_table(const std::string& name, const std::string& columns) {
        TRY(connection_.query("DROP TABLE IF EXISTS " + name, "Null", {}));
        TRY(connection_.query("CREATE TABLE " + name + " (" + columns + ") ENGINE = Memory", "Null", {}));
        return {};
    }

    void report(const std::string& type, const std::string& json, const std::string& what) {
        constexpr std::size_t kMost = 100;
        if (differences_.size() < kMost) {
            differences_.push_back({type, json, what});
        }
    }

    const engine::Connection& connection_;
    Chance chance_;
    std::vector<Difference> differences_;
    std::map<const OwnRule*, std::uint64_t> by_rule_;
    std::uint64_t accepted_ = 0;
    std::uint64_t asked_ = 0;
    std::uint64_t stored_ = 0;
};

// Each own rule with its example, so that none can change unseen.
bool rules_hold() {
    bool all = true;
    for (const OwnRule* rule = own_rules().begin; rule != own_rules().end; ++rule) {
        const events::EventSchema schema = schema_of(std::string(rule->type));
        events::EventChecker checker(schema);
        std::string written;
        checker.check("{\"v\":" + std::string(rule->example) + "}", &written);
        if (written.empty() == rule->taken) {
            std::cout << "rule `" << rule->name << "` does not hold for " << rule->type << " from "
                      << rule->example << "\n";
            all = false;
        }
    }
    return all;
}

Result<bool> run(std::uint64_t rows, std::uint64_t seed) {
    const char* named = std::getenv("BIRDHOUSE_LIBCHDB");
    const auto library = engine::Library::load({named == nullptr ? "" : named, BIRDHOUSE_BINARY_DIR});
    if (!library && named == nullptr) { // asked for by name it must be there
        std::cout << "differential: skipped, " << library.error().message << "\n";
        return true;
    }
    TRY(library);
    const std::vector<engine::Setting> settings{{"session_timezone", "UTC"}};
    TRY_ASSIGN(const engine::Connection connection, engine::Connection::open(*library, {}, settings));
    TRY(connection.query("CREATE DATABASE differential", "Null", {}));
    TRY(connection.query("USE differential", "Null", {}));
    TRY(connection.query("SET allow_suspicious_low_cardinality_types = 1", "Null", {}));
    Comparison comparison(connection, seed);
    TRY(comparison.run(rows));
    comparison.print(rows, seed);
    return comparison.agrees();
}

} // namespace

int main(int count, char** arguments) {
    if (count != 3) {
        std::cerr << "usage: differential ROWS SEED\n";
        return 2;
    }
    const bool hold = rules_hold();
    const char* without = std::getenv("BIRDHOUSE_TEST_NO_ENGINE");
    if (without != nullptr && *without != '\0') {
        std::cout << "differential: skipped, " << without << "\n";
        return hold ? 0 : 1;
    }
    const Result<bool> agrees =
        run(std::strtoull(arguments[1], nullptr, 10), std::strtoull(arguments[2], nullptr, 10));
    if (!agrees) {
        std::cerr << "differential: " << agrees.error().message << "\n";
    }
    std::cout.flush();
    return agrees && *agrees && hold ? 0 : 1;
}
