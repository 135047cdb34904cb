#include "codec/datasource_file.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/connector_settings.hpp"
#include "codec/datafile_values.hpp"
#include "codec/engine_directives.hpp"
#include "syntax/json_path.hpp"
#include "syntax/schema_columns.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace birdhouse::codec {

using syntax::Directive;
using syntax::SchemaColumn;
using syntax::SchemaIndex;
using syntax::TextAt;

namespace {

std::optional<std::string> text_of(const std::optional<TextAt>& part) {
    return part ? std::optional(part->text) : std::nullopt;
}

// Names of columns and of indexes are each unique. The second place is the one to change.
class UniqueNames {
public:
    UniqueNames(std::string noun, Diagnostics& diagnostics)
        : noun_(std::move(noun)), diagnostics_(diagnostics) {}

    bool add(const TextAt& name) {
        const auto [entry, first_time] = seen_.emplace(name.text, name.span);
        if (!first_time) {
            diagnostics_.add({&codes::F149,
                              noun_ + " " + backquoted(name.text) + " is declared twice",
                              {{name.span, "declared again here"}, {entry->second, "first declared here"}},
                              "rename one of the two, or delete the second"});
        }
        return first_time;
    }

private:
    std::string noun_;
    Diagnostics& diagnostics_;
    std::map<std::string, Span, std::less<>> seen_;
};

// The three types that Forward's tools refuse before the server sees them; for the engine they are other
// names of Bool, DateTime64(3), Int32 and UInt32, and Classic takes them.
void check_type(const TextAt& type, Diagnostics& diagnostics) {
    const std::string lowered = to_lower_ascii(type.text);
    if (lowered.find("boolean") != std::string::npos) {
        diagnostics.add(codes::F146, type.span, "the type `Boolean` is refused", "write Bool, or UInt8");
    } else if (type.text.find("DateTime64") != std::string::npos &&
               type.text.find("DateTime64(") == std::string::npos) {
        diagnostics.add(codes::F146, type.span, "`DateTime64` has no precision", "write DateTime64(3)");
    } else if (type.text == "Int" || type.text == "UInt") {
        diagnostics.add(codes::F146, type.span, backquoted(type.text) + " has no width",
                        "write " + type.text + "32 or " + type.text + "64");
    }
}

void check_json_path(const TextAt& path, syntax::Dialect dialect, Diagnostics& diagnostics) {
    if (dialect == syntax::Dialect::Forward && path.text.find_first_of(" \t") != std::string::npos) {
        diagnostics.add(codes::F150, path.span, "a json path holds a blank",
                        "rename the key in the event: the tools of Forward refuse it");
        return;
    }
    const auto parsed = syntax::parse_json_path(path.text);
    if (const syntax::SyntaxFault* fault = syntax::fault_of(parsed)) {
        diagnostics.add(codes::F150, path.span,
                        "the json path " + backquoted(path.text) + " does not read: " + fault->message,
                        fault->help);
    }
}

model::Column make_column(SchemaColumn column) {
    model::Column made;
    made.name = std::move(column.name.text);
    made.type = std::move(column.type.text);
    made.json_path = text_of(column.json_path);
    made.default_expression = text_of(column.default_expression);
    made.materialized = text_of(column.materialized);
    made.codec = text_of(column.codec);
    made.origin = {column.span};
    return made;
}

class DatasourceReader {
public:
    explicit DatasourceReader(DatafileReading reading) : reading_(reading) {}

    std::optional<model::Datasource> read(std::string name) {
        datasource_.name = std::move(name);
        datasource_.origin = {{reading_.file.source, 0, 0}};
        std::vector<const Directive*> all;
        for (const Directive& directive : reading_.file.directives) {
            all.push_back(&directive);
            read_directive(directive);
        }
        report_repeated(reading_, all);
        check_connectors(reading_);
        check_engine(reading_, datasource_.engine);
        if (!has_schema_) {
            reading_.diagnostics.add(codes::F120, {reading_.file.source, 0, 0},
                                     "the datasource has no SCHEMA",
                                     "write SCHEMA > and the columns on the lines below, indented");
        }
        return datasource_.columns.empty() ? std::nullopt : std::optional(std::move(datasource_));
    }

private:
    void read_directive(const Directive& directive) {
        const std::string& name = directive.name;
        if (name == "SCHEMA") {
            read_schema(directive);
        } else if (name == "INDEXES" || name == "INDICES") {
            read_indexes(directive);
        } else if (name == "DESCRIPTION") {
            datasource_.description = read_description(reading_, directive);
        } else if (name == "TOKEN") {
            read_token(reading_, directive, datasource_.tokens);
        } else if (name == "TAGS") {
            read_tags(reading_, directive, datasource_.tags);
        } else if (name == "SHARED_WITH") {
            for (std::string& workspace : read_names(reading_, directive)) {
                datasource_.shared_with.push_back(std::move(workspace));
            }
        } else if (name == "FORWARD_QUERY") {
            datasource_.forward_query =
                directive.block ? block_text(reading_, directive).text : reading_.value(directive);
        } else if (name == "BACKFILL") {
            static constexpr std::array<std::string_view, 1> kChoices = {"skip"};
            datasource_.backfill_skip = check_choice(reading_, directive, kChoices);
        } else if (name == "VERSION") {
            read_classic_version(reading_, directive, datasource_.classic_version);
        } else if (is_connector_directive(name)) {
            if (is_known(reading_, directive)) {
                keep_setting(reading_, directive, directive.name, datasource_.connector_settings);
            }
        } else {
            read_engine_directive(reading_, directive, datasource_.engine);
        }
    }

    void read_schema(const Directive& directive) {
        has_schema_ = true;
        UniqueNames names("column", reading_.diagnostics);
        datasource_.columns.clear(); // the last SCHEMA holds
        for (SchemaColumn& column :
             parse_schema(reading_.file, directive, reading_.sources, reading_.diagnostics)) {
            names.add(column.name);
            if (reading_.file.dialect == syntax::Dialect::Forward) {
                check_type(column.type, reading_.diagnostics);
            }
            if (column.json_path) {
                check_json_path(*column.json_path, reading_.file.dialect, reading_.diagnostics);
            }
            datasource_.columns.push_back(make_column(std::move(column)));
        }
    }

    void read_indexes(const Directive& directive) {
        UniqueNames names("index", reading_.diagnostics);
        datasource_.indexes.clear();
        for (SchemaIndex& index :
             parse_indexes(reading_.file, directive, reading_.sources, reading_.diagnostics)) {
            names.add(index.name);
            datasource_.indexes.push_back({std::move(index.name.text),
                                           std::move(index.expression.text),
                                           std::move(index.type.text),
                                           index.granularity ? index.granularity->text : "1",
                                           {index.span}});
        }
    }

    DatafileReading reading_;
    model::Datasource datasource_;
    bool has_schema_ = false;
};

} // namespace

std::optional<model::Datasource> read_datasource_file(SourceId source, std::string name,
                                                      const SourceMap& sources, Diagnostics& diagnostics,
                                                      syntax::Dialect dialect) {
    return read_datasource_file(
        parse_datafile(source, sources, syntax::DatafileKind::Datasource, diagnostics, dialect),
        std::move(name), sources, diagnostics);
}

std::optional<model::Datasource> read_datasource_file(const syntax::Datafile& file, std::string name,
                                                      const SourceMap& sources, Diagnostics& diagnostics) {
    if (file.lines.empty() && !sources.text(file.source).empty()) {
        return std::nullopt; // not text: reported
    }
    return DatasourceReader({file, sources, diagnostics}).read(std::move(name));
}

} // namespace birdhouse::codec
