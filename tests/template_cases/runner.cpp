// Runs a table of template cases: tab-separated rows of a template, its parameters and what must come of it.
// The columns are described in README.md beside this file. Prints every failure, then the sums.
#include "syntax/template.hpp"
#include "syntax/value_json.hpp"

#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace {

using namespace birdhouse::syntax;
using Json = nlohmann::json;

struct Case {
    std::string id, test, text, outcome;
    Json parameters, options, expected, extra;
};

struct Actual {
    std::string outcome; // sql, error or params
    Json value;          // text, {kind, message}, or the list of parameters
    Json settings = Json::object();
    Json warnings = Json::array();
};

Value to_value(const Json& json) { return std::get<Value>(read_json(json.dump())); }

Json to_json(const Value& value) { return Json::parse(write_json(value)); }

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, '\t');) {
        cells.push_back(cell);
    }
    return cells;
}

Case read_case(const std::vector<std::string>& cells) {
    return {cells[0],
            cells[1],
            Json::parse(cells[3]),
            cells[6],
            Json::parse(cells[4]),
            Json::parse(cells[5]),
            Json::parse(cells[7]),
            Json::parse(cells[8])};
}

RenderInput input_of(const Case& row) {
    RenderInput input;
    for (const auto& [name, value] : row.parameters.items()) {
        input.parameters.emplace_back(name, to_value(value));
    }
    for (const std::string secret : row.options.value("secrets", Json::array())) {
        constexpr std::string_view kPrefix = "tb_secret_";
        input.secrets.push_back(secret.starts_with(kPrefix) ? secret.substr(kPrefix.size()) : secret);
    }
    input.test_mode = row.options.value("test_mode", false);
    return input;
}

Actual failed(const TemplateError& error) {
    Actual actual{"error", {{"kind", name_of(error.kind)}, {"message", error.message}}};
    if (error.kind == TemplateErrorKind::Custom) {
        actual.value["message"] = Json::parse(error.custom_body);
        actual.value["code"] = error.custom_code;
    }
    return actual;
}

Json describe(const TemplateParameter& parameter) {
    Json described = {
        {"name", parameter.name}, {"type", parameter.type}, {"default", to_json(parameter.default_value)}};
    if (parameter.in_call) {
        described["used_in"] = "function_call";
    }
    for (const auto& [keyword, value] : parameter.keywords) {
        described[keyword] = to_json(value);
    }
    return described;
}

Actual run(const Case& row) {
    std::string text = row.text;
    if (row.test == "node") {
        const auto part = template_part(text);
        if (!part) {
            return {"sql", text};
        }
        text = *part;
    }
    const auto parsed = parse_template_text(std::move(text), TemplateDialect::Query);
    if (const auto* error = std::get_if<TemplateError>(&parsed)) {
        return failed(*error);
    }
    const auto& tree = std::get<Template>(parsed);
    if (row.test == "params") {
        // A list where a name belongs stops the extraction; other names are refused by rendering alone.
        if (tree.name_error && tree.name_error->message.ends_with("as a variable name")) {
            return failed(*tree.name_error);
        }
        Actual actual{"params", Json::array()};
        for (const TemplateParameter& parameter : extract_parameters(tree)) {
            actual.value.push_back(describe(parameter));
        }
        return actual;
    }
    const RenderResult result = render(tree, input_of(row));
    if (const auto* error = std::get_if<TemplateError>(&result)) {
        return failed(*error);
    }
    const auto& rendered = std::get<Rendered>(result);
    Actual actual{"sql", rendered.text};
    for (const auto& [name, value] : rendered.settings) {
        actual.settings[name] = to_json(value);
    }
    actual.warnings = rendered.warnings;
    return actual;
}

bool same_message(const Json& actual, const Json& expected, const std::string& match) {
    if (expected.is_null() || match.starts_with("kind only")) {
        return true;
    }
    if (match.starts_with("prefix") && expected.is_string() && actual.is_string()) {
        const auto prefix = [](const std::string& message) { return message.substr(0, message.find('(')); };
        return prefix(actual) == prefix(expected);
    }
    return actual == expected;
}

bool passes(const Case& row, const Actual& actual) {
    if (actual.outcome != row.outcome) {
        return false;
    }
    if (actual.outcome == "error") {
        return actual.value["kind"] == row.expected["kind"] &&
               same_message(actual.value["message"], row.expected["message"], row.extra.value("match", ""));
    }
    return actual.value == row.expected && actual.settings == row.extra.value("settings", Json::object()) &&
           actual.warnings == row.extra.value("warnings", Json::array());
}

void print_failure(const Case& row, const Actual& actual) {
    std::cout << row.id << ": " << Json(row.text).dump() << " with " << row.parameters.dump() << ' '
              << row.options.dump() << "\n  expected " << row.outcome << ' ' << row.expected.dump() << ' '
              << row.extra.dump() << "\n  actual   " << actual.outcome << ' ' << actual.value.dump() << ' '
              << actual.settings.dump() << actual.warnings.dump() << '\n';
}

// A row that is not of the form fails like any other; the rows after it are still run.
bool check_row(const std::vector<std::string>& cells) {
    try {
        const Case row = read_case(cells);
        const Actual actual = run(row);
        if (passes(row, actual)) {
            return true;
        }
        print_failure(row, actual);
    } catch (const Json::exception& error) {
        std::cout << cells[0] << ": " << error.what() << '\n';
    }
    return false;
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::cerr << "usage: template_case_runner FILE\n";
        return 2;
    }
    std::ifstream file(arguments[1]);
    std::string line;
    if (!std::getline(file, line)) { // the first row names the columns
        std::cerr << "error: cannot read " << arguments[1] << '\n';
        return 3;
    }
    int passed = 0;
    int missed = 0;
    while (std::getline(file, line)) {
        const std::vector<std::string> cells = cells_of(line);
        if (cells.size() < 9) {
            std::cout << "a row has fewer than 9 columns: " << line << '\n';
            ++missed;
            continue;
        }
        if (check_row(cells)) {
            ++passed;
        } else {
            ++missed;
        }
    }
    std::cout << passed << " passed, " << missed << " failed\n";
    return missed == 0 ? 0 : 1;
}
