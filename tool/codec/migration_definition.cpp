// Migrations: everything but what each kind of step needs, which is in migration_steps.cpp.
#include "base/codes.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "codec/definition_parts.hpp"
#include "codec/definitions.hpp"
#include "codec/migration_steps.hpp"

#include <algorithm>

namespace birdhouse::codec {

using syntax::YamlNode;

namespace {

constexpr std::size_t kNumberLength = 4;
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789_";

bool is_migration_id(std::string_view id) {
    return id.size() > kNumberLength + 1 &&
           id.substr(0, kNumberLength).find_first_not_of(kDigits) == std::string_view::npos &&
           id[kNumberLength] == '_' && id.find_first_not_of(kNameCharacters) == std::string_view::npos;
}

std::string stem_of(std::string_view path) { return std::filesystem::path(path).stem().string(); }

void check_id(const Fields& fields, Reading reading) {
    if (!fields.has("migration")) {
        return;
    }
    const std::string id = fields.text("migration");
    const Span place = fields.place();
    if (!is_migration_id(id)) {
        reading.problems.add(codes::F071, place,
                             "the name " + backquoted(shorten(id, 80)) +
                                 " is not four digits, `_` and a name in small letters",
                             "call it like `0002_image_columns`");
        return;
    }
    const std::string stem = stem_of(reading.sources.path(place.source));
    if (stem != id) {
        reading.problems.add(codes::F070, place,
                             "the migration is called " + backquoted(id) + " in the file `" +
                                 printable(stem) + ".yaml`",
                             "give both the same name");
    }
}

// Only a known code can be allowed: a slip of the pen would else allow nothing, unseen.
void check_allowed_code(const Fields& fields, Reading reading) {
    const std::string code = fields.text("code");
    std::vector<std::string_view> ids;
    std::transform(codes::kAll.begin(), codes::kAll.end(), std::back_inserter(ids),
                   [](const Code* one) { return one->id; });
    if (fields.has("code") && std::find(ids.begin(), ids.end(), code) == ids.end()) {
        const std::optional<std::string> near = nearest(code, ids);
        reading.problems.add(
            codes::F077, fields.place_of("code"), "no code is called " + backquoted(shorten(code, 80)),
            near ? "did you mean " + backquoted(*near) + "?" : "write the code that `migrate plan` reports");
    }
}

model::Allowance read_allowance(const Fields& fields, Reading reading) {
    model::Allowance allowance;
    check_allowed_code(fields, reading);
    if (fields.mentions("column") == fields.mentions("datasource")) {
        reading.problems.add(codes::F077, fields.place(),
                             std::string("an allowance names ") + (fields.mentions("column")
                                                                       ? "both a column and a datasource"
                                                                       : "neither a column nor a datasource"),
                             "write `column: datasource.name`, or `datasource: name`");
    }
    const std::string column = fields.text("column");
    if (fields.has("column") && column.find('.') == std::string::npos) {
        reading.problems.add(codes::F077, fields.place_of("column"),
                             "the column " + backquoted(column) + " is named without its datasource",
                             "write `datasource." + printable(column) + "`");
    }
    allowance.code = fields.text("code");
    allowance.subject = fields.has("column") ? column : fields.text("datasource");
    allowance.rows = fields.number("rows", std::numeric_limits<std::uint64_t>::max());
    allowance.origin.span = fields.place();
    return allowance;
}

void report_step_shape(const YamlNode& item, Diagnostics& problems) {
    const std::string is =
        item.is_map() ? "has " + counted(item.entries.size(), "key") : "is " + std::string(describe(item));
    problems.add(
        codes::F072, item.is_map() && !item.entries.empty() ? item.entries.front().key.span : item.span,
        "a step " + is + ", where it has one key: its kind",
        item.is_map() && item.entries.size() > 1
            ? "begin each step with its own `- `, and indent its keys below its kind"
            : "write its kind and what it needs: `- add_column: {datasource: ..., name: ..., type: ...}`");
}

std::optional<model::MigrationStep> read_step(const YamlNode& item, Reading reading) {
    if (!item.is_map() || item.entries.size() != 1) {
        report_step_shape(item, reading.problems);
        return std::nullopt;
    }
    const syntax::YamlEntry& entry = item.entries.front();
    const Field* kind = find_field(ObjectKind::Step, entry.key.text);
    if (kind == nullptr) {
        std::vector<std::string_view> kinds;
        for (const Field& field : shape_of(ObjectKind::Step).fields) {
            kinds.push_back(field.key);
        }
        const std::optional<std::string> near = nearest(entry.key.text, kinds);
        std::vector<std::string> shown(kinds.begin(), kinds.end());
        reading.problems.add(
            codes::F073, entry.key.span, "no step is called " + backquoted(shorten(entry.key.text, 80)),
            near ? "did you mean " + backquoted(*near) + "?" : "the steps are " + join(shown, ", "));
        return std::nullopt;
    }
    std::optional<model::StepAction> action = read_step_action(kind->object, entry.value, reading);
    return action ? std::optional(model::MigrationStep{std::move(*action), {entry.key.span}}) : std::nullopt;
}

} // namespace

std::optional<model::Migration> read_migration(SourceId source, const SourceMap& sources,
                                               Diagnostics& problems) {
    const Reading reading{sources, problems};
    const std::optional<YamlNode> root = syntax::parse_yaml(source, sources, problems);
    const std::optional<Fields> fields =
        root ? Fields::check(*root, ObjectKind::Migration, reading) : std::nullopt;
    if (!fields) {
        return std::nullopt;
    }
    check_id(*fields, reading);
    model::Migration migration;
    migration.id = fields->text("migration");
    migration.description = fields->text("description");
    migration.checkpoint = fields->boolean("checkpoint");
    migration.checksum = sha256(sources.text(source));
    migration.origin.span = fields->place();
    if (const YamlNode* steps = fields->find("steps")) {
        for (const YamlNode& item : steps->items) {
            if (std::optional<model::MigrationStep> step = read_step(item, reading)) {
                migration.steps.push_back(std::move(*step));
            }
        }
    }
    if (const YamlNode* allow = fields->find("allow")) {
        for (const YamlNode& item : allow->items) {
            if (const std::optional<Fields> one = Fields::check(item, ObjectKind::Allowance, reading)) {
                migration.allow.push_back(read_allowance(*one, reading));
            }
        }
    }
    return migration;
}

} // namespace birdhouse::codec
