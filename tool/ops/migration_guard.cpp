#include "ops/migration_guard.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/type_change.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace birdhouse::ops {

namespace {

using target::identifier;

std::string count_where(std::string_view database, const std::string& table, const std::string& condition) {
    return "SELECT countIf(" + condition + ") FROM " + target::qualified_name(database, table);
}

struct LossFinder {
    const model::Schema& before;
    std::string_view database;

    std::optional<Loss> operator()(const model::DropColumn& step) const {
        const std::string name = identifier(step.name);
        return Loss{&codes::D101, step.datasource + "." + step.name,
                    "the values of column " + backquoted(step.datasource + "." + step.name),
                    count_where(database, step.datasource,
                                "NOT (" + name + " IS NOT DISTINCT FROM " + unset_value(step) + ")")};
    }
    std::optional<Loss> operator()(const model::DropDatasource& step) const {
        return Loss{&codes::D102, step.datasource, "all rows of " + backquoted(step.datasource),
                    count_where(database, step.datasource, "1")};
    }
    std::optional<Loss> operator()(const model::SetTtl& step) const {
        if (step.ttl.empty()) {
            return std::nullopt;
        }
        return Loss{&codes::D103, step.datasource,
                    "the rows of " + backquoted(step.datasource) + " that are older than its TTL",
                    count_where(database, step.datasource, "toDateTime(" + step.ttl + ") <= now()")};
    }
    std::optional<Loss> operator()(const model::ChangeType& step) const {
        const model::Column* column = column_before(step.datasource, step.name);
        if (column == nullptr || codec::keeps_every_value(column->type, step.type)) {
            return std::nullopt;
        }
        // accurateCastOrNull alone misses cut fractions and wrapped years: only the way there and back tells.
        const std::string name = identifier(step.name);
        const std::string there =
            "accurateCastOrNull(" + name + ", " + target::string_literal(step.type) + ")";
        const std::string back =
            "accurateCastOrNull(" + there + ", " + target::string_literal(column->type) + ")";
        return Loss{
            &codes::D105, step.datasource + "." + step.name,
            "the values of " + backquoted(step.datasource + "." + step.name) + " that do not fit " +
                step.type,
            count_where(database, step.datasource, "NOT (" + back + " IS NOT DISTINCT FROM " + name + ")")};
    }
    std::optional<Loss> operator()(const model::SetNullable& step) const {
        if (step.nullable) {
            return std::nullopt;
        }
        return Loss{&codes::D108, step.datasource + "." + step.name,
                    "the difference between NULL and the default in " +
                        backquoted(step.datasource + "." + step.name),
                    count_where(database, step.datasource, "isNull(" + identifier(step.name) + ")")};
    }
    template <class Harmless>
    std::optional<Loss> operator()(const Harmless&) const {
        return std::nullopt;
    }

    // What a row reads that never had a value of its own: it can be had again, so it is no loss.
    std::string unset_value(const model::DropColumn& step) const {
        const model::Column* column = column_before(step.datasource, step.name);
        if (column != nullptr && column->default_expression) {
            return "CAST(" + *column->default_expression + ", " + target::string_literal(column->type) + ")";
        }
        return "defaultValueOfArgumentType(" + identifier(step.name) + ")";
    }

    const model::Column* column_before(std::string_view datasource, std::string_view name) const {
        const model::Datasource* found = model::find_datasource(before, datasource);
        return found == nullptr ? nullptr : model::find_column(*found, name);
    }
};

void report_missing_allowance(const model::MigrationStep& step, const Loss& loss, Diagnostics& diagnostics) {
    const std::string key = loss.subject.find('.') == std::string::npos ? "datasource" : "column";
    diagnostics.add(*loss.code, step.origin.span, "this step destroys " + loss.what,
                    "if that is meant, permit it in this file: `allow: [{code: " +
                        std::string(loss.code->id) + ", " + key + ": " + loss.subject +
                        ", rows: N}]`, where N is the most rows that may lose something "
                        "(`birdhouse migrate plan` counts them)");
}

} // namespace

std::optional<Loss> loss_of(const model::StepAction& action, const model::Schema& before,
                            std::string_view database) {
    return std::visit(LossFinder{before, database}, action);
}

const model::Allowance* allowance_for(const model::Migration& migration, const Loss& loss) {
    const auto found =
        std::find_if(migration.allow.begin(), migration.allow.end(), [&](const model::Allowance& allowance) {
            return allowance.code == loss.code->id && allowance.subject == loss.subject;
        });
    return found == migration.allow.end() ? nullptr : &*found;
}

void check_allowances(const model::Migration& migration, model::Schema before, Diagnostics& diagnostics) {
    std::vector<const model::Allowance*> used;
    for (const model::MigrationStep& step : migration.steps) {
        if (const std::optional<Loss> loss = loss_of(step.action, before, "")) {
            if (const model::Allowance* allowance = allowance_for(migration, *loss)) {
                used.push_back(allowance);
            } else {
                report_missing_allowance(step, *loss, diagnostics);
            }
        }
        if (model::apply_step(step.action, before)) {
            return; // the step does not fit: reported by the replay, and what follows would be guesswork
        }
    }
    for (const model::Allowance& allowance : migration.allow) {
        if (std::find(used.begin(), used.end(), &allowance) == used.end()) {
            diagnostics.add(codes::F224, allowance.origin.span,
                            "no step of this migration needs " + backquoted(allowance.code) + " for " +
                                backquoted(allowance.subject),
                            "remove the allowance, or correct its code or its subject");
        }
    }
}

Result<std::uint64_t> count_loss(target::SqlChannel& channel, const Loss& loss) {
    TRY_ASSIGN(const target::QueryResult result, channel.query(loss.count_sql, "TSV", {}));
    std::uint64_t count = 0;
    const std::string_view digits = trim(result.bytes);
    if (std::from_chars(digits.data(), digits.data() + digits.size(), count).ec != std::errc()) {
        return Error{ExitCode::Failed,
                     "the target answered " + backquoted(digits) + " where a number was expected", ""};
    }
    return count;
}

} // namespace birdhouse::ops
