#include "codec/openapi.hpp"

#include "base/text.hpp"
#include "codec/call_parameters.hpp"
#include "codec/pipe_diff.hpp"
#include "codec/type_form.hpp"
#include "syntax/value_json.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <nlohmann/json.hpp>

namespace birdhouse::codec {

namespace {

using Json = nlohmann::ordered_json;
using syntax::ClickHouseType;

struct JsonForm {
    std::string_view type; // of ClickHouse, without its arguments
    std::string_view json;
    std::string_view format; // empty: none
};

// How values stand in the JSON that endpoints answer with. Whole numbers are numbers at any width, as the
// service writes them.
constexpr auto kForms = std::to_array<JsonForm>({
    {"Bool", "boolean", ""},        {"Int8", "integer", "int32"},   {"Int16", "integer", "int32"},
    {"Int32", "integer", "int32"},  {"Int64", "integer", "int64"},  {"Int128", "integer", ""},
    {"Int256", "integer", ""},      {"UInt8", "integer", "int32"},  {"UInt16", "integer", "int32"},
    {"UInt32", "integer", "int64"}, {"UInt64", "integer", ""},      {"UInt128", "integer", ""},
    {"UInt256", "integer", ""},     {"Float32", "number", "float"}, {"Float64", "number", "double"},
    {"Decimal", "number", ""},      {"Date", "string", "date"},     {"Date32", "string", "date"},
    {"UUID", "string", "uuid"},
});

Json schema_of(const ClickHouseType& type);

// The items of `Array(T)`, the values of `Map(K, V)`.
Json schema_of_argument(const ClickHouseType& type, std::size_t index) {
    const bool is_there = index < type.arguments.size() && !type.arguments[index].type.empty();
    return is_there ? schema_of(type.arguments[index].type.front()) : Json::object();
}

Json schema_of_plain(const ClickHouseType& type) {
    const auto form = std::find_if(kForms.begin(), kForms.end(),
                                   [&](const JsonForm& one) { return one.type == type.name; });
    if (form != kForms.end()) {
        Json schema = {{"type", form->json}};
        if (!form->format.empty()) {
            schema["format"] = form->format;
        }
        return schema;
    }
    if (type.name == "Array") {
        return {{"type", "array"}, {"items", schema_of_argument(type, 0)}};
    }
    if (type.name == "Map") {
        return {{"type", "object"}, {"additionalProperties", schema_of_argument(type, 1)}};
    }
    if (type.name == "Tuple" || type.name == "JSON" || type.name == "Object") {
        const bool named =
            type.name != "Tuple" || (!type.arguments.empty() && !type.arguments[0].label.empty());
        return named ? Json{{"type", "object"}} : Json{{"type", "array"}, {"items", Json::object()}};
    }
    if (type.name == "SimpleAggregateFunction") {
        return schema_of_argument(type, 1);
    }
    return {{"type", "string"}}; // texts, enums, times, addresses
}

Json schema_of(const ClickHouseType& type) {
    Json schema = schema_of_plain(syntax::unwrapped(type));
    if (syntax::is_nullable(type)) {
        schema["nullable"] = true;
    }
    return schema;
}

// A type that cannot be read says nothing.
Json schema_of_text(std::string_view text) {
    const std::optional<ClickHouseType> type = type_form(text);
    return type ? schema_of(*type) : Json::object();
}

// A list's default is written as a text, `'1,2'`.
Json default_list(const std::string& text, const Json& items) {
    Json list = Json::array();
    const bool are_texts = items.value("type", "string") == "string";
    for (const std::string_view part : split(text, ',')) {
        const Json value = are_texts ? Json(trim(part)) : Json::parse(trim(part), nullptr, false);
        list.push_back(value.is_discarded() ? Json(trim(part)) : value);
    }
    return list;
}

// Parameters come as texts; this is what a text must say. Template types are not all ClickHouse's.
Json schema_of_parameter(const syntax::MergedParameter& parameter) {
    Json schema = parameter.type.empty()        ? Json{{"type", "string"}}
                  : parameter.type == "Boolean" ? Json{{"type", "boolean"}}
                  : parameter.type == "Array"   ? Json{{"type", "array"}, {"items", {{"type", "string"}}}}
                                                : schema_of_text(parameter.type);
    if (!parameter.default_value.is_none()) {
        const Json value = Json::parse(syntax::write_json(parameter.default_value), nullptr, false);
        const bool is_list = schema.value("type", "") == "array" && value.is_string();
        schema["default"] = is_list ? default_list(value.get<std::string>(), schema["items"]) : value;
    }
    for (const syntax::Value& choice : parameter.choices) {
        schema["enum"].push_back(Json::parse(syntax::write_json(choice), nullptr, false));
    }
    return schema;
}

Json parameters_of(const std::vector<syntax::MergedParameter>& parameters) {
    Json all = Json::array();
    for (const syntax::MergedParameter& parameter : parameters) {
        Json one = {{"name", parameter.name}, {"in", "query"}, {"required", parameter.required}};
        if (!parameter.description.empty()) {
            one["description"] = parameter.description;
        }
        one["schema"] = schema_of_parameter(parameter);
        if (one["schema"].value("type", "") == "array") {
            one["style"] = "form"; // `a,b`
            one["explode"] = false;
        }
        all.push_back(std::move(one));
    }
    return all;
}

const model::Contract* contract_of(const model::Pipe& pipe, std::span<const model::Contract> contracts) {
    const auto found = std::find_if(contracts.begin(), contracts.end(), [&](const model::Contract& contract) {
        return model::published_name(contract.version) == pipe.name && contract.columns.has_value();
    });
    return found == contracts.end() ? nullptr : &*found;
}

Json row_schema(const model::Contract* contract) {
    Json row = {{"type", "object"}};
    if (contract != nullptr) {
        for (const model::OutputColumn& column : *contract->columns) {
            row["properties"][column.name] = schema_of_text(column.type);
        }
    }
    return row;
}

Json answer_schema(const model::Contract* contract) {
    const Json whole = {{"type", "integer"}};
    return {{"type", "object"},
            {"properties",
             {{"meta",
               {{"type", "array"},
                {"items",
                 {{"type", "object"},
                  {"properties", {{"name", {{"type", "string"}}}, {"type", {{"type", "string"}}}}}}}}},
              {"data", {{"type", "array"}, {"items", row_schema(contract)}}},
              {"rows", whole},
              {"rows_before_limit_at_least", whole},
              {"statistics",
               {{"type", "object"},
                {"properties",
                 {{"elapsed", {{"type", "number"}}}, {"rows_read", whole}, {"bytes_read", whole}}}}}}}};
}

Json refusal(std::string_view description) {
    return {{"description", description},
            {"content", {{"application/json", {{"schema", {{"$ref", "#/components/schemas/Error"}}}}}}}};
}

Json operation_of(const model::Project& project, const model::Pipe& pipe, const model::Node& node,
                  const model::Contract* contract) {
    Json operation = {{"operationId", pipe.name}, {"summary", pipe.name}};
    if (!pipe.description.empty()) {
        operation["description"] = pipe.description;
    }
    operation["parameters"] = parameters_of(call_parameters(project, pipe, node));
    operation["responses"] = {
        {"200",
         {{"description", "The rows"},
          {"content", {{"application/json", {{"schema", answer_schema(contract)}}}}}}},
        {"400", refusal("A parameter is missing, or does not have its type")},
        {"403", refusal("The token is unknown, or may not read this endpoint")},
        {"404", refusal("There is no such endpoint")},
        {"408", refusal("The query took too long")},
    };
    return operation;
}

} // namespace

std::string write_openapi(const model::Project& project, const OpenApiOptions& options) {
    Json document = {
        {"openapi", "3.0.3"},
        {"info", {{"title", options.title}, {"version", "1.0"}}},
        {"servers", Json::array({Json{{"url", options.server_url}}})},
        {"security", Json::array({Json{{"bearer", Json::array()}}, Json{{"token", Json::array()}}})},
        {"paths", Json::object()}};
    for (const model::Pipe& pipe : project.pipes) {
        const model::Node* node = model::result_node(pipe);
        const bool is_endpoint = node != nullptr && type_of(pipe) == model::NodeType::Endpoint;
        if (is_endpoint && (!options.shows || options.shows(pipe))) {
            document["paths"]["/v0/pipes/" + pipe.name + ".json"]["get"] =
                operation_of(project, pipe, *node, contract_of(pipe, options.contracts));
        }
    }
    document["components"] = {
        {"securitySchemes",
         {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}},
          {"token", {{"type", "apiKey"}, {"in", "query"}, {"name", "token"}}}}},
        {"schemas",
         {{"Error",
           {{"type", "object"},
            {"properties", {{"error", {{"type", "string"}}}, {"documentation", {{"type", "string"}}}}}}}}}};
    return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace birdhouse::codec
