#include "ops/test_file.hpp"

#include "base/codes.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "codec/yaml_text.hpp"
#include "syntax/yaml.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace birdhouse::ops {

namespace fs = std::filesystem;

namespace {

constexpr auto kFields = std::to_array<std::string_view>(
    {"name", "description", "parameters", "expected_result", "expected_http_status"});

std::size_t line_begin(std::string_view text, std::size_t at) {
    const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    return before == std::string_view::npos ? 0 : before + 1;
}

std::size_t line_end(std::string_view text, std::size_t at) {
    const std::size_t end = text.find('\n', at);
    return end == std::string_view::npos ? text.size() : end;
}

// A field goes on for as long as lines are indented further than its key. Blank lines at its end are not its.
std::size_t field_end(std::string_view text, std::size_t key_begin, std::size_t indentation) {
    std::size_t end = line_end(text, key_begin);
    for (std::size_t next = end; next < text.size();) {
        const std::size_t begin = next + 1;
        const std::size_t after = line_end(text, begin);
        const std::string_view line = text.substr(begin, after - begin);
        const std::size_t blanks = line.find_first_not_of(' ');
        if (blanks != std::string_view::npos && line[blanks] != '\r') {
            if (blanks <= indentation) {
                break;
            }
            end = after;
        }
        next = after;
    }
    return end;
}

FieldPlace place_of(const syntax::YamlNode& test, std::string_view field, std::string_view text) {
    const syntax::YamlNode& last = test.entries.back().key;
    for (const syntax::YamlEntry& entry : test.entries) {
        if (entry.key.text == field) {
            const std::size_t begin = entry.key.span.begin;
            const std::size_t indentation = begin - line_begin(text, begin);
            return {begin, field_end(text, begin, indentation), indentation, true};
        }
    }
    const std::size_t indentation = last.span.begin - line_begin(text, last.span.begin);
    const std::size_t end = field_end(text, last.span.begin, indentation);
    return {end, end, indentation, false};
}

class TestReader {
public:
    TestReader(std::string_view text, Diagnostics& problems) : text_(text), problems_(problems) {}

    void read(const syntax::YamlNode& item, std::vector<PipeTest>& tests) {
        const syntax::YamlNode* name = item.is_map() ? syntax::find_value(item, "name") : nullptr;
        if (name == nullptr || !name->is_scalar()) {
            problems_.add(codes::F401, item.span, "a test has no name", "begin it with `- name: ...`");
            return;
        }
        PipeTest test;
        test.name = name->text;
        test.place = name->span;
        for (const syntax::YamlEntry& entry : item.entries) {
            take(entry, test);
        }
        test.result_place = place_of(item, "expected_result", text_);
        test.status_place = place_of(item, "expected_http_status", text_);
        tests.push_back(std::move(test));
    }

private:
    void take(const syntax::YamlEntry& entry, PipeTest& test) {
        const std::string& key = entry.key.text;
        if (std::find(kFields.begin(), kFields.end(), key) == kFields.end()) {
            const auto near = nearest(key, kFields);
            problems_.add(codes::F402, entry.key.span, "a test has no field " + backquoted(key),
                          near ? "did you mean " + backquoted(*near) + "?" : "take it out");
            return;
        }
        if (key == "description") {
            test.description = entry.value.text;
        } else if (key == "parameters") {
            test.parameters = entry.value.text;
        } else if (key == "expected_result" && !entry.value.is_null()) {
            // A row that was written without quotes is YAML of its own.
            const std::string written =
                entry.value.is_scalar()
                    ? entry.value.text
                    : std::string(text_.substr(entry.value.span.begin,
                                               entry.value.span.end - entry.value.span.begin));
            test.expected_result = std::string(trim(written));
        } else if (key == "expected_http_status") {
            take_status(entry.value, test);
        }
    }

    void take_status(const syntax::YamlNode& value, PipeTest& test) {
        const std::string& text = value.text;
        const auto [end, fault] =
            std::from_chars(text.data(), text.data() + text.size(), test.expected_status);
        const bool whole = fault == std::errc() && end == text.data() + text.size();
        if (!whole || test.expected_status < 100 || test.expected_status > 599) {
            problems_.add(codes::F402, value.span, backquoted(text) + " is not an HTTP status",
                          "write a number such as 200 or 400");
            test.expected_status = 200;
        }
    }

    std::string_view text_;
    Diagnostics& problems_;
};

// Classic's `- no_negative_prices: {sql: ...}`, and its lists of regression tests by pipe.
bool is_of_classic(const syntax::YamlNode& item) {
    if (!item.is_map() || syntax::find_value(item, "name") != nullptr) {
        return false;
    }
    const bool regression = syntax::find_value(item, "pipe") != nullptr;
    const bool quality = item.entries.size() == 1 && item.entries.front().value.is_map() &&
                         syntax::find_value(item.entries.front().value, "sql") != nullptr;
    return regression || quality;
}

} // namespace

std::vector<PipeTest> read_tests(SourceId source, const SourceMap& sources, Diagnostics& problems) {
    std::vector<PipeTest> tests;
    const std::optional<syntax::YamlNode> tree = syntax::parse_yaml(source, sources, problems);
    if (!tree || tree->is_null()) {
        return tests;
    }
    if (!tree->is_sequence()) {
        problems.add(codes::F400, tree->span, "a test file holds something else than a list of tests",
                     "begin each test with `- name: ...`");
        return tests;
    }
    TestReader reader(sources.text(source), problems);
    for (const syntax::YamlNode& item : tree->items) {
        if (is_of_classic(item)) {
            problems.add(codes::F403, item.span, "a test of Classic is not run here",
                         "`birdhouse test` runs tests with a name, parameters and an expected result");
        } else {
            reader.read(item, tests);
        }
    }
    return tests;
}

Result<std::vector<TestFile>> read_test_files(const fs::path& project_folder, SourceMap& sources,
                                              Diagnostics& problems) {
    std::vector<fs::path> paths;
    std::error_code failure; // a folder that is not there holds no tests
    for (fs::directory_iterator entry(project_folder / "tests", failure), end; !failure && entry != end;
         entry.increment(failure)) {
        const std::string extension = entry->path().extension().string();
        if (entry->is_regular_file(failure) && (extension == ".yaml" || extension == ".yml")) {
            paths.push_back(entry->path());
        }
    }
    std::sort(paths.begin(), paths.end());
    std::vector<TestFile> files;
    for (const fs::path& path : paths) {
        TRY_ASSIGN(std::string text, read_file(path));
        TestFile file;
        file.path = path;
        file.shown = (fs::path("tests") / path.filename()).string();
        file.pipe = path.stem().string();
        file.source = sources.add(file.shown, std::move(text));
        file.tests = read_tests(file.source, sources, problems);
        files.push_back(std::move(file));
    }
    return files;
}

namespace {

struct Replacement {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string text;
};

std::string result_field(const std::string& result, std::size_t indentation) {
    const std::string key = "expected_result: ";
    if (result.empty()) {
        return key + "''";
    }
    if (!result.starts_with('{') && result.find('\n') == std::string::npos) {
        return key + codec::write_yaml_text(result); // the message of an error
    }
    std::string out = key + "|";
    for (const std::string_view line : split(result, '\n')) {
        out += "\n" + std::string(line.empty() ? 0 : indentation + 2, ' ') + std::string(line);
    }
    return out;
}

void replace_field(const FieldPlace& place, std::string field, std::vector<Replacement>& replacements) {
    std::string text =
        place.present ? std::move(field) : "\n" + std::string(place.indentation, ' ') + std::move(field);
    replacements.push_back({place.begin, place.end, std::move(text)});
}

} // namespace

std::string with_results(std::string_view text, const std::vector<RecordedResult>& recorded) {
    std::vector<Replacement> replacements;
    for (const RecordedResult& one : recorded) {
        const PipeTest& test = *one.test;
        if (!test.expected_result || *test.expected_result != one.result) {
            replace_field(test.result_place, result_field(one.result, test.result_place.indentation),
                          replacements);
        }
        if (one.status != test.expected_status) {
            replace_field(test.status_place, "expected_http_status: " + std::to_string(one.status),
                          replacements);
        }
    }
    // Fields that are added at one place keep the order in which they were named.
    std::stable_sort(replacements.begin(), replacements.end(),
                     [](const Replacement& a, const Replacement& b) { return a.begin < b.begin; });
    std::string out;
    std::size_t at = 0;
    for (const Replacement& replacement : replacements) {
        out += text.substr(at, replacement.begin - at);
        out += replacement.text;
        at = replacement.end;
    }
    return out + std::string(text.substr(at));
}

} // namespace birdhouse::ops
