#include "syntax/template_functions.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace birdhouse::syntax {

namespace {

const FunctionEntry* find_in(std::span<const FunctionEntry> entries, std::string_view name) {
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [name](const FunctionEntry& entry) { return entry.name == name; });
    return found == entries.end() ? nullptr : &*found;
}

using Table = std::span<const FunctionEntry> (*)();
constexpr auto kQueryTables = std::to_array<Table>(
    {parameter_functions, array_functions, identifier_functions, setting_functions, date_functions});
constexpr auto kBuiltinTables = std::to_array<Table>({builtin_functions, sequence_functions});
constexpr auto kGenerationTables =
    std::to_array<Table>({generation_functions, builtin_functions, sequence_functions});

using FunctionIndex = std::unordered_map<std::string_view, const FunctionEntry*>;

// Of equal names the first counts. Looked into for every name of every rendering, and so no list.
FunctionIndex index_of(std::span<const Table> tables) {
    FunctionIndex index;
    for (const Table table : tables) {
        for (const FunctionEntry& entry : table()) {
            index.try_emplace(entry.name, &entry);
        }
    }
    return index;
}

const FunctionEntry* find_in_index(const FunctionIndex& index, std::string_view name) {
    const auto found = index.find(name);
    return found == index.end() ? nullptr : found->second;
}

std::span<const Table> tables_of(TemplateDialect dialect) {
    return dialect == TemplateDialect::Query ? std::span<const Table>(kQueryTables)
                                             : std::span<const Table>(kGenerationTables);
}

// Python's other builtins. A template may name them by accident, as parameters; it cannot call them.
constexpr auto kUncallable = std::to_array<FunctionEntry>({
    {"aiter", nullptr, FunctionKind::Builtin},      {"anext", nullptr, FunctionKind::Builtin},
    {"ascii", nullptr, FunctionKind::Builtin},      {"bin", nullptr, FunctionKind::Builtin},
    {"breakpoint", nullptr, FunctionKind::Builtin}, {"bytearray", nullptr, FunctionKind::Class},
    {"bytes", nullptr, FunctionKind::Class},        {"callable", nullptr, FunctionKind::Builtin},
    {"chr", nullptr, FunctionKind::Builtin},        {"classmethod", nullptr, FunctionKind::Class},
    {"compile", nullptr, FunctionKind::Builtin},    {"complex", nullptr, FunctionKind::Class},
    {"copyright", nullptr, FunctionKind::Template}, {"credits", nullptr, FunctionKind::Template},
    {"delattr", nullptr, FunctionKind::Builtin},    {"dir", nullptr, FunctionKind::Builtin},
    {"divmod", nullptr, FunctionKind::Builtin},     {"eval", nullptr, FunctionKind::Builtin},
    {"exec", nullptr, FunctionKind::Builtin},       {"exit", nullptr, FunctionKind::Template},
    {"filter", nullptr, FunctionKind::Class},       {"format", nullptr, FunctionKind::Builtin},
    {"frozenset", nullptr, FunctionKind::Class},    {"getattr", nullptr, FunctionKind::Builtin},
    {"globals", nullptr, FunctionKind::Builtin},    {"hasattr", nullptr, FunctionKind::Builtin},
    {"hash", nullptr, FunctionKind::Builtin},       {"help", nullptr, FunctionKind::Template},
    {"hex", nullptr, FunctionKind::Builtin},        {"issubclass", nullptr, FunctionKind::Builtin},
    {"iter", nullptr, FunctionKind::Builtin},       {"license", nullptr, FunctionKind::Template},
    {"locals", nullptr, FunctionKind::Builtin},     {"map", nullptr, FunctionKind::Class},
    {"memoryview", nullptr, FunctionKind::Class},   {"next", nullptr, FunctionKind::Builtin},
    {"object", nullptr, FunctionKind::Class},       {"oct", nullptr, FunctionKind::Builtin},
    {"ord", nullptr, FunctionKind::Builtin},        {"pow", nullptr, FunctionKind::Builtin},
    {"property", nullptr, FunctionKind::Class},     {"quit", nullptr, FunctionKind::Template},
    {"repr", nullptr, FunctionKind::Builtin},       {"setattr", nullptr, FunctionKind::Builtin},
    {"slice", nullptr, FunctionKind::Class},        {"staticmethod", nullptr, FunctionKind::Class},
    {"super", nullptr, FunctionKind::Class},        {"type", nullptr, FunctionKind::Class},
    {"vars", nullptr, FunctionKind::Builtin},
});

const FunctionEntry* find_python_builtin(std::string_view name) {
    const FunctionEntry* callable = find_builtin_function(name);
    return callable != nullptr ? callable : find_in(kUncallable, name);
}

} // namespace

const FunctionEntry* find_template_function(std::string_view name, TemplateDialect dialect) {
    static const FunctionIndex query = index_of(kQueryTables);
    static const FunctionIndex generation = index_of(kGenerationTables);
    return find_in_index(dialect == TemplateDialect::Query ? query : generation, name);
}

const FunctionEntry* find_builtin_function(std::string_view name) {
    static const FunctionIndex builtins = index_of(kBuiltinTables);
    return find_in_index(builtins, name);
}

std::optional<Value> builtin_value(std::string_view name) {
    const FunctionEntry* found = find_python_builtin(name);
    return found == nullptr ? std::nullopt : std::optional(Value{FunctionValue{found->name, found->kind}});
}

bool is_python_builtin(std::string_view name) { return find_python_builtin(name) != nullptr; }

bool is_reserved_name(std::string_view name) {
    constexpr auto kReserved = std::to_array<std::string_view>({
        "__tb__semver",
        "debug",
        "debug_source_tables",
        "explain",
        "finalize_aggregations",
        "job_timestamp",
        "output_format_json_quote_64bit_integers",
        "output_format_json_quote_denormals",
        "output_format_parquet_string_as_string",
        "pipeline",
        "playground",
        "q",
        "query_id",
        "release_replacements",
        "tag",
        "template_parameters",
        "token",
    });
    return std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
}

std::vector<std::string_view> function_names(TemplateDialect dialect) {
    std::vector<std::string_view> names;
    for (const Table table : tables_of(dialect)) {
        for (const FunctionEntry& entry : table()) {
            names.push_back(entry.name);
        }
    }
    return names;
}

namespace {

std::string quoted_list(const std::vector<std::string_view>& names) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const bool last = i + 1 == names.size();
        out += i == 0 ? "" : last ? (names.size() > 2 ? ", and " : " and ") : ", ";
        out += "'" + std::string(names[i]) + "'";
    }
    return out;
}

} // namespace

Outcome<Bound> bind(const Arguments& arguments, std::initializer_list<std::string_view> names,
                    std::size_t required) {
    const auto function = [&arguments] { return std::string(arguments.function) + "()"; };
    const auto count = [](std::size_t number, const char* noun) {
        return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
    };
    if (arguments.positional.size() > names.size()) {
        const std::string range = required == names.size() ? "" : "from " + std::to_string(required) + " to ";
        return raise("TypeError", function() + " takes " + range +
                                      count(names.size(), "positional argument") + " but " +
                                      std::to_string(arguments.positional.size()) +
                                      (arguments.positional.size() == 1 ? " was given" : " were given"));
    }
    Bound bound;
    bound.reserve(names.size());
    bound.assign(arguments.positional.begin(), arguments.positional.end());
    bound.resize(names.size());
    for (const auto& [name, value] : arguments.keywords) {
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end()) {
            return raise("TypeError",
                         function() + " got an unexpected keyword argument '" + std::string(name) + "'");
        }
        auto& place = bound[static_cast<std::size_t>(found - names.begin())];
        if (place) {
            return raise("TypeError",
                         function() + " got multiple values for argument '" + std::string(name) + "'");
        }
        place = value;
    }
    std::vector<std::string_view> missing;
    for (std::size_t i = 0; i < required; ++i) {
        if (!bound[i]) {
            missing.push_back(names.begin()[i]);
        }
    }
    if (!missing.empty() && arguments.native) {
        return raise("TypeError", function() + " takes at least " + count(required, "argument") + " (" +
                                      std::to_string(required - missing.size()) + " given)");
    }
    if (!missing.empty()) {
        return raise("TypeError", function() + " missing " +
                                      count(missing.size(), "required positional argument") + ": " +
                                      quoted_list(missing));
    }
    return bound;
}

} // namespace birdhouse::syntax
