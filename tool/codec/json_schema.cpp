#include "codec/json_schema.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace birdhouse::codec {

namespace {

using Json = nlohmann::ordered_json;

std::string identifier_of(ObjectKind kind) {
    std::string name;
    for (const char c : shape_of(kind).noun) {
        name += c == ' ' ? "_" : c == '`' ? "" : std::string(1, c);
    }
    return kind == ObjectKind::PipeToken ? "pipe_" + name : name;
}

class SchemaWriter {
public:
    explicit SchemaWriter(ObjectKind file) : file_(file) {}

    Json write() {
        Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                       {"title", "birdhouse " + std::string(shape_of(file_).noun)}};
        schema.update(write_object(file_));
        Json definitions = Json::object();
        while (next_ < wanted_.size()) {
            const ObjectKind kind = wanted_[next_++];
            definitions[identifier_of(kind)] = write_object(kind);
        }
        if (!definitions.empty()) {
            schema["$defs"] = std::move(definitions);
        }
        return schema;
    }

private:
    // Templates of a `for_each` may stand for any value in the files that take one.
    bool takes_templates() const { return file_ == ObjectKind::Datasource || file_ == ObjectKind::Pipe; }

    Json or_template(Json schema) const {
        return takes_templates()
                   ? Json{{"anyOf", {std::move(schema), {{"type", "string"}, {"pattern", "<<.*>>"}}}}}
                   : schema;
    }

    Json refer(ObjectKind kind) {
        if (std::find(wanted_.begin(), wanted_.end(), kind) == wanted_.end()) {
            wanted_.push_back(kind);
        }
        return {{"$ref", "#/$defs/" + identifier_of(kind)}};
    }

    Json write_object(ObjectKind kind) {
        const ObjectShape& shape = shape_of(kind);
        Json object = {{"description", shape.description},
                       {"type", "object"},
                       {"properties", Json::object()},
                       {"additionalProperties", false}};
        Json required = Json::array();
        for (const Field& field : shape.fields) {
            Json value = write_value(field);
            value["description"] = field.description;
            object["properties"][std::string(field.key)] = std::move(value);
            if (field.required) {
                required.push_back(field.key);
            }
        }
        if (!required.empty()) {
            object["required"] = std::move(required);
        }
        if (kind == ObjectKind::Step) {
            object["minProperties"] = 1;
            object["maxProperties"] = 1;
        }
        return object;
    }

    static Json list_of(Json item) { return {{"type", "array"}, {"items", std::move(item)}}; }
    static Json of_type(std::string_view type) { return {{"type", type}}; }
    static Json any_scalar() { return {{"type", {"string", "number", "boolean"}}}; }

    static Json write_words(const Field& field) {
        Json words = Json::array();
        for (const std::string_view word : field.words) {
            words.push_back(word);
            if (word == "Null") {
                words.push_back(nullptr); // what YAML makes of the word without quotes
            }
        }
        return {{"enum", std::move(words)}};
    }

    // A migration writes its columns out.
    Json write_columns() {
        if (file_ == ObjectKind::Migration) {
            return list_of(refer(ObjectKind::Column));
        }
        return list_of({{"if", {{"required", {"use"}}}},
                        {"then", refer(ObjectKind::GroupUse)},
                        {"else", refer(ObjectKind::Column)}});
    }

    Json write_value(const Field& field) {
        switch (field.kind) {
        case ValueKind::Text:
            return of_type("string");
        case ValueKind::TextOrNull:
            return {{"type", {"string", "null"}}};
        case ValueKind::Word:
            return or_template(write_words(field));
        case ValueKind::Number:
            return or_template({{"type", "integer"}, {"minimum", 0}});
        case ValueKind::Boolean:
            return or_template(of_type("boolean"));
        case ValueKind::Expression:
            return any_scalar();
        case ValueKind::ExpressionOrNull:
            return {{"type", {"string", "number", "boolean", "null"}}};
        case ValueKind::Texts:
            return list_of(of_type("string"));
        case ValueKind::TextOrTexts:
            return {{"type", {"string", "array"}}, {"items", of_type("string")}, {"minItems", 1}};
        case ValueKind::Scalars:
            return list_of(any_scalar());
        case ValueKind::Range:
            return {{"type", "array"},
                    {"items", {{"type", {"number", "null"}}}},
                    {"minItems", 2},
                    {"maxItems", 2}};
        case ValueKind::Object:
            return refer(field.object);
        case ValueKind::Objects:
            return list_of(refer(field.object));
        case ValueKind::NamedObjects:
            return {{"type", "object"}, {"additionalProperties", refer(field.object)}};
        case ValueKind::NamedExpressions:
            return {{"type", "object"}, {"additionalProperties", any_scalar()}};
        case ValueKind::Columns:
            return write_columns();
        case ValueKind::ForEach:
            return {{"type", "object"}, {"additionalProperties", list_of(any_scalar())}};
        }
        return {};
    }

    ObjectKind file_;
    std::vector<ObjectKind> wanted_; // definitions that are referred to, in the order they were met
    std::size_t next_ = 0;
};

} // namespace

std::string write_json_schema(ObjectKind file) { return SchemaWriter(file).write().dump(2) + "\n"; }

} // namespace birdhouse::codec
