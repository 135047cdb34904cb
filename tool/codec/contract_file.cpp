#include "codec/contract_file.hpp"

#include "base/codes.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "codec/fields.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>

namespace birdhouse::codec {

namespace fs = std::filesystem;
using model::Contract;
using model::OutputColumn;
using model::Parameter;
using syntax::YamlNode;

namespace {

constexpr std::string_view kFolder = "pipes/contracts";

// Each item of a list as an object of one kind; what does not read is reported and left out.
template <class Item, class Read>
std::vector<Item> read_items(const Fields& contract, std::string_view key, ObjectKind kind, Reading reading,
                             Read read) {
    std::vector<Item> items;
    std::unordered_map<std::string, Span> seen;
    const YamlNode* list = contract.find(key);
    for (const YamlNode& node : list == nullptr ? std::vector<YamlNode>() : list->items) {
        const std::optional<Fields> fields = Fields::check(node, kind, reading);
        if (!fields || !fields->has("name")) {
            continue;
        }
        Item item = read(*fields);
        item.origin.span = fields->place();
        const auto [first, is_new] = seen.try_emplace(item.name, fields->place());
        if (is_new) {
            items.push_back(std::move(item));
            continue;
        }
        Diagnostic twice{&codes::F381,
                         fields->subject() + " stands in the contract twice",
                         {},
                         "record it again: `birdhouse pipe record`"};
        twice.labels = {{fields->place(), "again here"}, {first->second, "first here"}};
        reading.problems.add(std::move(twice));
    }
    return items;
}

OutputColumn read_column(const Fields& fields) { return {fields.text("name"), fields.text("type"), {}}; }

Parameter read_parameter(const Fields& fields) {
    Parameter parameter;
    parameter.name = fields.text("name");
    parameter.type = fields.text("type");
    parameter.required = fields.boolean("required");
    parameter.default_value = fields.optional_text("default");
    return parameter;
}

std::optional<Date> read_deprecated(const Fields& fields, Reading reading) {
    const std::optional<std::string> text = fields.optional_text("deprecated");
    const std::optional<Date> date = text ? parse_date(*text) : std::nullopt;
    if (text && !date) {
        reading.problems.add(codes::F382, fields.place_of("deprecated"),
                             "`deprecated` is " + backquoted(printable(shorten(*text, 40))) + ", not a date",
                             "write the first day on which the version may be gone, such as `2027-01-31`");
    }
    return date;
}

void check_file_name(const Contract& contract, std::string_view path, Reading reading) {
    const std::string wanted = model::contract_path(contract.version);
    const std::string name = wanted.substr(wanted.rfind('/') + 1);
    if (path.substr(path.rfind('/') + 1) != name) {
        reading.problems.add(codes::F380, contract.origin.span,
                             "a contract of version " + std::to_string(contract.version.number) + " of " +
                                 backquoted(printable(contract.version.name)) + " stands in another file",
                             "call the file " + backquoted(printable(name)));
    }
}

// JSON may hold DEL as it is; sources may not.
std::string quoted(const std::string& text) {
    return replace_all(nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                       "\x7f", "\\u007f");
}

std::string written_column(const OutputColumn& column) {
    return "{\"name\": " + quoted(column.name) + ", \"type\": " + quoted(column.type) + "}";
}

std::string written_parameter(const Parameter& parameter) {
    return "{\"name\": " + quoted(parameter.name) + ", \"type\": " + quoted(parameter.type) +
           ", \"required\": " + (parameter.required ? "true" : "false") +
           ", \"default\": " + (parameter.default_value ? quoted(*parameter.default_value) : "null") + "}";
}

template <class Items, class Write>
std::string written_list(const Items& items, Write write) {
    std::string text;
    for (const auto& item : items) {
        text += (text.empty() ? "\n    " : ",\n    ") + write(item);
    }
    return "[" + text + (text.empty() ? "]" : "\n  ]");
}

} // namespace

std::optional<Contract> read_contract(SourceId source, const SourceMap& sources, Diagnostics& problems) {
    const Reading reading{sources, problems};
    const std::size_t errors = problems.errors();
    const std::optional<YamlNode> root = syntax::parse_yaml(source, sources, problems);
    const std::optional<Fields> fields =
        root ? Fields::check(*root, ObjectKind::Contract, reading) : std::nullopt;
    if (!fields) {
        return std::nullopt;
    }
    Contract contract;
    contract.version = {fields->text("pipe"),
                        static_cast<std::uint32_t>(fields->number("version").value_or(1))};
    contract.origin.span = fields->place();
    contract.deprecated = read_deprecated(*fields, reading);
    contract.columns =
        read_items<OutputColumn>(*fields, "columns", ObjectKind::OutputColumn, reading, read_column);
    contract.group_by = fields->text("group_by");
    contract.group_origin.span = fields->place_of("group_by");
    contract.order = fields->text("order");
    contract.order_origin.span = fields->place_of("order");
    contract.parameters =
        read_items<Parameter>(*fields, "parameters", ObjectKind::ContractParameter, reading, read_parameter);
    std::sort(contract.parameters.begin(), contract.parameters.end(),
              [](const Parameter& a, const Parameter& b) { return a.name < b.name; });
    check_file_name(contract, sources.path(source), reading);
    // Half a contract would be held against the pipe as if it were the whole.
    return problems.errors() == errors ? std::optional(std::move(contract)) : std::nullopt;
}

std::string write_contract(const Contract& contract) {
    const std::string deprecated =
        contract.deprecated ? quoted(format_date(*contract.deprecated)) : std::string("null");
    return "{\n  \"pipe\": " + quoted(contract.version.name) +
           ",\n  \"version\": " + std::to_string(contract.version.number) +
           ",\n  \"deprecated\": " + deprecated + ",\n  \"columns\": " +
           written_list(contract.columns.value_or(std::vector<OutputColumn>()), written_column) +
           ",\n  \"group_by\": " + quoted(contract.group_by) + ",\n  \"order\": " + quoted(contract.order) +
           ",\n  \"parameters\": " + written_list(contract.parameters, written_parameter) + "\n}\n";
}

std::vector<Contract> load_contracts(const fs::path& folder, SourceMap& sources, Diagnostics& problems) {
    std::vector<Contract> contracts;
    const Result<std::vector<fs::path>> files = list_files(folder / kFolder, ".json");
    if (!files) {
        problems.add(codes::F021, {}, files.error().message, files.error().hint);
        return contracts;
    }
    for (const fs::path& file : *files) {
        Result<std::string> text = read_file(file, kLargestContract);
        if (!text) {
            problems.add(codes::F021, {}, text.error().message, text.error().hint);
            continue;
        }
        const SourceId source =
            sources.add(file.lexically_relative(folder).generic_string(), std::move(*text));
        if (std::optional<Contract> contract = read_contract(source, sources, problems)) {
            contracts.push_back(std::move(*contract));
        }
    }
    std::sort(contracts.begin(), contracts.end(),
              [](const Contract& a, const Contract& b) { return a.version < b.version; });
    return contracts;
}

} // namespace birdhouse::codec
