#include "ops/run_parameters.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "codec/call_parameters.hpp"
#include "codec/pipe_parameters.hpp"
#include "syntax/value_json.hpp"
#include "syntax/value_text.hpp"

#include <algorithm>
#include <optional>
#include <variant>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

std::optional<unsigned> hex_digit(char c) {
    return c >= '0' && c <= '9'   ? std::optional(static_cast<unsigned>(c - '0'))
           : c >= 'a' && c <= 'f' ? std::optional(static_cast<unsigned>(c - 'a' + 10))
           : c >= 'A' && c <= 'F' ? std::optional(static_cast<unsigned>(c - 'A' + 10))
                                  : std::nullopt;
}

std::optional<std::string> decode_percent(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        const auto high = i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
        const auto low = i + 2 < text.size() ? hex_digit(text[i + 2]) : std::nullopt;
        if (!high || !low) {
            return std::nullopt;
        }
        out += static_cast<char>(*high * 16 + *low);
        i += 2;
    }
    return out;
}

} // namespace

Result<GivenParameters> read_parameter_file(const std::filesystem::path& path) {
    TRY_ASSIGN(const std::string text, read_file(path));
    auto read = syntax::read_json(text);
    if (const auto* fault = std::get_if<syntax::JsonFault>(&read)) {
        return Error{ExitCode::Usage, backquoted(path.string()) + " is not JSON: " + fault->message,
                     "write an object: {\"name\": \"value\"}"};
    }
    const auto* object = std::get_if<syntax::Value>(&read)->as<syntax::DictValue>();
    if (object == nullptr) {
        return Error{ExitCode::Usage, backquoted(path.string()) + " holds no JSON object",
                     "write one: {\"name\": \"value\"}"};
    }
    GivenParameters parameters;
    for (const auto& [name, value] : object->content->entries) {
        parameters.emplace_back(syntax::str_of(name), value);
    }
    return parameters;
}

Result<GivenParameters> parse_query_string(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> given;
    for (const std::string_view part : split(trim(text), '&')) {
        if (part.empty()) {
            continue;
        }
        const std::size_t equals = std::min(part.find('='), part.size());
        const auto name = decode_percent(part.substr(0, equals));
        const auto value =
            decode_percent(equals < part.size() ? part.substr(equals + 1) : std::string_view());
        if (!name || !value) {
            return Error{ExitCode::Problems, backquoted(part) + " holds a `%` without two hexadecimal digits",
                         "write `%25` for the sign itself"};
        }
        given.emplace_back(*name, *value);
    }
    return group_texts(given);
}

GivenParameters group_texts(const std::vector<std::pair<std::string, std::string>>& given) {
    std::vector<std::pair<std::string, syntax::Values>> grouped;
    for (const auto& [name, value] : given) {
        const auto known = std::find_if(grouped.begin(), grouped.end(), [&wanted = name](const auto& entry) {
            return entry.first == wanted;
        });
        auto& values =
            known == grouped.end() ? grouped.emplace_back(name, syntax::Values()).second : known->second;
        values.push_back(syntax::make_text(value));
    }
    GivenParameters out;
    for (auto& [name, values] : grouped) {
        out.emplace_back(name, values.size() == 1 ? values.front() : syntax::make_list(std::move(values)));
    }
    return out;
}

namespace {

const model::Pipe* pipe_of(const model::Project& project, const model::Node* node) {
    for (const model::Pipe& pipe : project.pipes) {
        for (const model::Node& known : pipe.nodes) {
            if (&known == node) {
                return &pipe;
            }
        }
    }
    return nullptr;
}

std::string default_text(const syntax::MergedParameter& parameter) {
    return parameter.default_value.is_none() ? (parameter.required ? "required" : "optional")
                                             : "default " + syntax::repr_of(parameter.default_value);
}

std::string described(const syntax::MergedParameter& parameter) {
    std::vector<std::string> choices;
    for (const syntax::Value& choice : parameter.choices) {
        choices.push_back(syntax::str_of(choice));
    }
    std::string text = parameter.description;
    if (!choices.empty()) {
        text += (text.empty() ? "one of " : "; one of ") + join(choices, ", ");
    }
    return printable(text);
}

std::string padded(const std::string& text, std::size_t width) {
    return text + std::string(width - std::min(width, count_code_points(text)), ' ');
}

// Columns of a line, each as wide as its longest cell; the last one is not padded.
std::string aligned(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], count_code_points(row[i]));
        }
    }
    std::string out;
    for (const auto& row : rows) {
        std::string line = " ";
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += " " + padded(row[i], widths[i]) + (i + 1 < row.size() ? " " : "");
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

nlohmann::ordered_json json_of(const std::vector<syntax::MergedParameter>& parameters) {
    auto list = nlohmann::ordered_json::array();
    for (const syntax::MergedParameter& parameter : parameters) {
        nlohmann::ordered_json entry = {
            {"name", parameter.name}, {"type", parameter.type}, {"required", parameter.required}};
        if (!parameter.default_value.is_none()) {
            entry["default"] =
                nlohmann::ordered_json::parse(syntax::write_json(parameter.default_value), nullptr, false);
        }
        if (!parameter.description.empty()) {
            entry["description"] = parameter.description;
        }
        for (const syntax::Value& choice : parameter.choices) {
            entry["enum"].push_back(
                nlohmann::ordered_json::parse(syntax::write_json(choice), nullptr, false));
        }
        list.push_back(std::move(entry));
    }
    return list;
}

} // namespace

PipeParameters describe_parameters(const model::Project& project, const model::Pipe& pipe,
                                   const model::Node& node) {
    PipeParameters all{pipe.name, {}, {}};
    std::vector<syntax::TemplateParameter> found;
    for (const model::Node* part : codec::nodes_behind(project, pipe, node)) {
        const std::vector<syntax::TemplateParameter> uses = codec::node_parameters(*part);
        if (!uses.empty()) {
            const model::Pipe* owner = pipe_of(project, part);
            all.nodes.push_back(
                {owner == nullptr ? pipe.name : owner->name, part->name, syntax::merge_parameters(uses)});
        }
        found.insert(found.end(), uses.begin(), uses.end());
    }
    all.parameters = syntax::merge_parameters(found);
    return all;
}

std::string render_text(const PipeParameters& all) {
    if (all.parameters.empty()) {
        return "pipe " + backquoted(all.pipe) + " takes no parameters\n";
    }
    std::vector<std::vector<std::string>> rows;
    for (const syntax::MergedParameter& parameter : all.parameters) {
        rows.push_back({parameter.name, parameter.type, default_text(parameter), described(parameter)});
    }
    std::string out = "parameters of pipe " + backquoted(all.pipe) + ":\n" + aligned(rows) + "by node:\n";
    rows.clear();
    for (const NodeParameters& node : all.nodes) {
        std::vector<std::string> names;
        for (const syntax::MergedParameter& parameter : node.parameters) {
            names.push_back(parameter.name);
        }
        const std::string where = node.pipe == all.pipe ? node.node : node.pipe + ": " + node.node;
        rows.push_back({where, join(names, ", ")});
    }
    return out + aligned(rows);
}

std::string render_json(const PipeParameters& all) {
    nlohmann::ordered_json out = {{"pipe", all.pipe}, {"params", json_of(all.parameters)}};
    out["nodes"] = nlohmann::ordered_json::array();
    for (const NodeParameters& node : all.nodes) {
        out["nodes"].push_back(
            {{"pipe", node.pipe}, {"name", node.node}, {"params", json_of(node.parameters)}});
    }
    return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

} // namespace birdhouse::ops
