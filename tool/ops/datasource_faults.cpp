#include "ops/datasource_faults.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "ops/datasource_places.hpp"
#include "ops/engine_words.hpp"

#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace birdhouse::ops {

namespace {

using model::Column;
using model::Datasource;
using model::TableEngine;

// A type that most expressions can do something with.
constexpr std::string_view kAnyType = "String";

// Keys that build on others come after them.
constexpr auto kClauses = std::to_array<EngineField>({
    &TableEngine::sorting_key,
    &TableEngine::primary_key,
    &TableEngine::partition_key,
    &TableEngine::sampling_key,
    &TableEngine::ttl,
    &TableEngine::settings,
});
// What stands between the parentheses of the engine.
constexpr auto kArguments = std::to_array<EngineField>({
    &TableEngine::version_column,
    &TableEngine::is_deleted_column,
    &TableEngine::sign_column,
    &TableEngine::collapsing_version,
    &TableEngine::summing_columns,
    &TableEngine::join_strictness,
    &TableEngine::join_type,
    &TableEngine::key_columns,
});

Column only_type(const Column& column) {
    Column bare;
    bare.name = column.name;
    bare.type = column.type;
    return bare;
}

TableEngine storing_nothing() {
    TableEngine engine;
    engine.kind = "Null";
    return engine;
}

// The engine calls an expression that is nothing but a name by a name of its own:
// `price_tmp_alter8327029216`.
void name_expression(EngineWords& words, const std::string& column, const std::string& expression) {
    const std::string made = column + "_tmp_alter";
    for (std::string& name : words.names) {
        if (name.starts_with(made)) {
            words.text = replace_all(words.text, name, expression);
            name = expression;
            words.suggestions.clear();
        }
    }
}

class FaultFinder {
public:
    FaultFinder(const Datasource& declared, const TryTable& try_table, const SourceMap& sources,
                Diagnostics& diagnostics)
        : declared_(declared), try_table_(try_table), sources_(sources), diagnostics_(diagnostics) {
        taken_.name = declared.name;
        taken_.origin = declared.origin;
        taken_.engine = storing_nothing();
    }

    Result<StandIn> find(const Error& refusal) {
        TRY(find_types());
        TRY(find_values());
        TRY(find_engine());
        TRY(find_clauses());
        TRY(find_indexes());
        if (found_ == 0) { // the parts are taken one by one, but not all of them together
            report(declared_.engine.origin.span.known() ? declared_.engine.origin.span
                                                        : declared_.origin.span,
                   "datasource " + backquoted(declared_.name), *engine_words(refusal));
        }
        return StandIn{std::move(taken_), std::move(guessed_)};
    }

private:
    // No value when the engine takes it.
    Result<std::optional<EngineWords>> refused(const Datasource& datasource) {
        const Result<void> taken = try_table_(datasource);
        if (taken) {
            return std::optional<EngineWords>();
        }
        std::optional<EngineWords> words = engine_words(taken.error());
        return words ? Result<std::optional<EngineWords>>(std::move(words)) : taken.error();
    }

    void report(Span place, const std::string& subject, const EngineWords& words) {
        ++found_;
        for (const std::string& name : words.names) {
            if (const Span inside = narrowed(place, name, sources_); inside != place) {
                place = inside;
                break;
            }
        }
        diagnostics_.add(codes::F350, place, "the engine refuses " + subject + ": " + words.text,
                         did_you_mean(words));
    }

    std::string of_datasource(EngineField field) const {
        return std::string(noun_of(field)) + " of " + backquoted(declared_.name);
    }

    // What is built on a guess is not judged.
    bool rests_on_guess(std::string_view expression) const {
        for (const std::string& name : guessed_) {
            if (!find_name(expression, name).empty()) {
                return true;
            }
        }
        return false;
    }

    // Types
    // ---------------------------------------------------------------------------------------------------

    Result<void> find_types() {
        Datasource types = taken_;
        for (const Column& column : declared_.columns) {
            if (!column.type.empty()) {
                types.columns.push_back(only_type(column));
            }
        }
        TRY_ASSIGN(const std::optional<EngineWords> words, refused(types));
        if (!words) {
            taken_.columns = std::move(types.columns);
            return {};
        }
        for (const Column& column : declared_.columns) {
            if (!column.type.empty()) {
                TRY(find_type(column));
            }
        }
        return {};
    }

    Result<void> find_type(const Column& column) {
        Datasource alone = taken_;
        alone.columns = {only_type(column)};
        TRY_ASSIGN(const std::optional<EngineWords> words, refused(alone));
        if (words) {
            report(place_of(column, ColumnPart::Type, sources_),
                   "the type of column " + backquoted(column.name), *words);
            guessed_.insert(column.name);
            TRY_ASSIGN(alone.columns.front().type, guess_type(alone, *words));
        }
        taken_.columns.push_back(std::move(alone.columns.front()));
        return {};
    }

    // The type the engine thinks was meant, where it says so.
    Result<std::string> guess_type(Datasource alone, const EngineWords& words) {
        constexpr std::string_view kFamily = "Unknown data type family: ";
        const std::size_t mark = words.text.find(kFamily);
        if (mark != std::string::npos && !words.suggestions.empty()) {
            const std::string_view rest = std::string_view(words.text).substr(mark + kFamily.size());
            std::string& type = alone.columns.front().type;
            type = replace_all(type, rest.substr(0, rest.find(' ')), words.suggestions.front());
            TRY_ASSIGN(const std::optional<EngineWords> still, refused(alone));
            if (!still) {
                return type;
            }
        }
        return std::string(kAnyType);
    }

    // Defaults and codecs
    // -------------------------------------------------------------------------------------

    Result<void> find_values() {
        for (const Column& column : declared_.columns) {
            if (column.default_expression) {
                TRY(find_value(column, &Column::default_expression, ColumnPart::Default, "the default"));
            }
            if (column.materialized) {
                TRY(find_value(column, &Column::materialized, ColumnPart::Materialized,
                               "the MATERIALIZED expression"));
            }
            if (column.codec) {
                TRY(find_value(column, &Column::codec, ColumnPart::Codec, "the codec"));
            }
        }
        return {};
    }

    // A column whose type its default gives has none yet: it is put where it is declared.
    Column& taken_column(Datasource& datasource, const Column& column) const {
        std::size_t at = 0;
        for (const Column& known : declared_.columns) {
            if (&known == &column) {
                break;
            }
            at += model::find_column(datasource, known.name) != nullptr ? std::size_t{1} : 0;
        }
        auto& columns = datasource.columns;
        if (at == columns.size() || columns[at].name != column.name) {
            columns.insert(columns.begin() + static_cast<std::ptrdiff_t>(at), only_type(column));
        }
        return columns[at];
    }

    Result<void> find_value(const Column& column, std::optional<std::string> Column::*part, ColumnPart place,
                            const std::string& noun) {
        const std::string& text = *(column.*part);
        if (guessed_.contains(column.name) || rests_on_guess(text)) {
            return {};
        }
        Datasource with = taken_;
        taken_column(with, column).*part = text;
        TRY_ASSIGN(std::optional<EngineWords> words, refused(with));
        if (!words) {
            taken_ = std::move(with);
            return {};
        }
        name_expression(*words, column.name, text);
        report(place_of(column, place, sources_), noun + " of column " + backquoted(column.name), *words);
        if (column.type.empty()) {
            Column& guess = taken_column(taken_, column);
            guess.type = kAnyType;
            guessed_.insert(column.name);
        }
        return {};
    }

    // Engine
    // --------------------------------------------------------------------------------------------------

    Result<void> find_engine() {
        Datasource with = taken_;
        with.engine.kind = declared_.engine.kind;
        for (const EngineField field : kArguments) {
            with.engine.*field = declared_.engine.*field;
        }
        TRY_ASSIGN(const std::optional<EngineWords> words, refused(with));
        if (!words) {
            taken_ = std::move(with);
            return {};
        }
        const EngineField field = argument_meant(*words);
        if (!rests_on_guess(declared_.engine.*field)) {
            report(place_of(declared_.engine, field, sources_), of_datasource(field), *words);
        }
        taken_.engine.kind = "MergeTree";
        return {};
    }

    // The argument that lists a name of the message, else the engine itself.
    EngineField argument_meant(const EngineWords& words) const {
        for (const EngineField field : kArguments) {
            for (const std::string_view part : split(declared_.engine.*field, ',')) {
                const std::string_view name = trim(part);
                if (!name.empty() && !find_name(words.text, name).empty()) {
                    return field;
                }
            }
        }
        return &TableEngine::kind;
    }

    Result<void> find_clauses() {
        bool keys_hold = true;
        for (const EngineField field : kClauses) {
            const std::string& text = declared_.engine.*field;
            // What has to be a part of the sorting key says nothing where that is refused.
            const bool rests_on_key =
                field == &TableEngine::primary_key || field == &TableEngine::sampling_key;
            if (text.empty() || (rests_on_key && !keys_hold)) {
                continue;
            }
            Datasource with = taken_;
            with.engine.*field = text;
            TRY_ASSIGN(const std::optional<EngineWords> words, refused(with));
            if (!words) {
                taken_ = std::move(with);
                continue;
            }
            keys_hold = keys_hold && field != &TableEngine::sorting_key && field != &TableEngine::primary_key;
            if (!rests_on_guess(text)) {
                report(place_of(declared_.engine, field, sources_), of_datasource(field), *words);
            }
        }
        return {};
    }

    Result<void> find_indexes() {
        for (const model::Index& index : declared_.indexes) {
            Datasource with = taken_;
            with.indexes.push_back(index);
            TRY_ASSIGN(const std::optional<EngineWords> words, refused(with));
            if (!words) {
                taken_ = std::move(with);
            } else if (!rests_on_guess(index.expression)) {
                report(place_of_index(index, *words), "index " + backquoted(index.name), *words);
            }
        }
        return {};
    }

    Span place_of_index(const model::Index& index, const EngineWords& words) const {
        for (const std::string& name : words.names) {
            if (const Span place = place_of(index, name, sources_); place != index.origin.span) {
                return place;
            }
        }
        return index.origin.span;
    }

    const Datasource& declared_;
    const TryTable& try_table_;
    const SourceMap& sources_;
    Diagnostics& diagnostics_;
    Datasource taken_; // grows by each part that the engine takes
    std::set<std::string, std::less<>> guessed_;
    std::size_t found_ = 0;
};

} // namespace

Result<StandIn> find_faults(const model::Datasource& datasource, const Error& refusal,
                            const TryTable& try_table, const SourceMap& sources, Diagnostics& diagnostics) {
    if (!engine_words(refusal)) {
        return refusal;
    }
    return FaultFinder(datasource, try_table, sources, diagnostics).find(refusal);
}

} // namespace birdhouse::ops
