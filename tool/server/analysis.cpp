#include "server/analysis.hpp"

#include "base/text.hpp"
#include "events/inference.hpp"
#include "events/reader.hpp"
#include "server/csv_rows.hpp"
#include "server/ingestion.hpp"
#include "syntax/json_path.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostRows = 10'000; // that types are told by
constexpr std::size_t kPreviewRows = 10;
constexpr std::string_view kNullable = "Nullable(";

std::string without_nullable(const std::string& type) {
    return type.starts_with(kNullable) ? type.substr(kNullable.size(), type.size() - kNullable.size() - 1)
                                       : type;
}

double share(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

// ---- NDJSON

// A value stands at the path, up to the elements of an array.
bool has_value(const Json& event, const syntax::JsonPath& path) {
    const Json* at = &event;
    for (const syntax::JsonPathStep& step : path.steps) {
        if (step.kind == syntax::JsonPathStep::Kind::Elements) {
            return at->is_array();
        }
        const auto found = at->is_object() ? at->find(step.key) : at->end();
        if (!at->is_object() || found == at->end()) {
            return false;
        }
        at = &*found;
    }
    return !at->is_null();
}

struct Events {
    events::Inference inference;
    std::vector<Json> first;   // those that presence is counted in
    std::string preview_lines; // NDJSON
};

ApiResult<Events> read_events(std::string_view bytes) {
    Events read;
    events::EventReader reader(bytes, bytes.size() + 1);
    events::JsonRow row;
    while (read.inference.rows() < kMostRows) {
        const std::optional<events::EventLine> line = reader.next();
        if (!line) {
            break;
        }
        if (row.parse(line->text) || row.token(0).kind != events::JsonKind::Object) {
            if (line->offset + line->text.size() >= bytes.size() && read.inference.rows() != 0) {
                break; // cut
            }
            return ApiError{400, "invalid JSON in line " + std::to_string(line->number)};
        }
        read.inference.add(row);
        if (read.first.size() < kPreviewRows) {
            read.preview_lines += std::string(line->text) + "\n";
        }
        read.first.push_back(Json::parse(line->text, nullptr, false));
    }
    return read;
}

// The rows as ingestion would read them; none where the proposal cannot be ingested.
ApiResult<Json> preview_events(const Events& read, const model::Datasource& datasource,
                               const model::Config& config, target::SqlChannel& engine) {
    Diagnostics problems;
    const std::optional<events::EventSchema> schema =
        events::EventSchema::compile(datasource, config.ingestion, config.privacy, problems);
    std::string rows;
    if (schema) {
        TRY_ASSIGN(JudgedRows judged, judge_rows(read.preview_lines, false, *schema, {}));
        rows = std::move(judged.good);
    }
    const std::array<target::Parameter, 2> bound = {
        target::Parameter{"columns", target::escape_tsv(structure_of(datasource.columns))},
        target::Parameter{"rows", target::escape_tsv(rows)}};
    TRY_ASSIGN(
        const target::QueryResult result,
        engine.query("SELECT * FROM format(JSONEachRow, {columns:String}, {rows:String})", "JSON", bound));
    return Json::parse(result.bytes, nullptr, false);
}

ApiResult<Json> analyze_events(std::string_view bytes, const model::Config& config,
                               target::SqlChannel& engine) {
    TRY_ASSIGN(const Events read, read_events(bytes));
    const events::Proposal proposal = read.inference.propose("analysis");
    if (proposal.datasource.columns.empty()) {
        return ApiError{400, "there is no row with a key in what was sent"};
    }
    Json columns = Json::array();
    std::vector<std::string> schema;
    for (const model::Column& column : proposal.datasource.columns) {
        const std::string& path = *column.json_path;
        const auto parsed = syntax::parse_json_path(path); // was written from a path
        const auto steps = std::get<syntax::JsonPath>(parsed);
        const auto present = std::count_if(read.first.begin(), read.first.end(),
                                           [&](const Json& event) { return has_value(event, steps); });
        columns.push_back({{"path", path},
                           {"recommended_type", without_nullable(column.type)},
                           {"present_pct", share(static_cast<std::uint64_t>(present), read.inference.rows())},
                           {"name", column.name}});
        schema.push_back(column.name + " " + column.type + " `json:" + path + "`" +
                         (column.default_expression ? " DEFAULT " + *column.default_expression : ""));
    }
    TRY_ASSIGN(Json preview, preview_events(read, proposal.datasource, config, engine));
    return Json{{"analysis", {{"columns", columns}, {"schema", join(schema, ", ")}}}, {"preview", preview}};
}

// ---- CSV and Parquet: the engine tells their types

char delimiter_of(std::string_view csv) {
    const std::string_view line = csv.substr(0, csv.find('\n'));
    char best = ',';
    for (const char candidate : {';', '\t', '|'}) {
        const auto more = std::count(line.begin(), line.end(), candidate);
        best = more > std::count(line.begin(), line.end(), best) ? candidate : best;
    }
    return best;
}

// A time without fractions is read as one that has nine digits of them.
std::string narrow_type(const std::string& type, const Json& rows, const std::string& name) {
    constexpr std::string_view kNoFraction = ".000000000";
    const std::string plain = without_nullable(type);
    const bool whole = std::all_of(rows.begin(), rows.end(), [&](const Json& row) {
        const auto value = row.find(name);
        return value == row.end() || !value->is_string() ||
               value->get_ref<const std::string&>().ends_with(kNoFraction);
    });
    return plain != "DateTime64(9)" ? plain : whole ? "DateTime" : "DateTime64(3)";
}

ApiResult<Json> analyze_table(std::string_view bytes, FileFormat format, target::SqlChannel& engine) {
    const bool csv = format == FileFormat::Csv;
    const std::string delimiter(1, csv ? delimiter_of(bytes) : ',');
    const std::size_t last_line_end = bytes.rfind('\n');
    constexpr std::size_t kWhole = std::size_t{1} << 20U; // clients send no more of a file
    const bool cut = csv && bytes.size() >= kWhole && last_line_end != std::string_view::npos;
    const std::array<target::Parameter, 1> bound = {
        target::Parameter{"rows", target::escape_tsv(cut ? bytes.substr(0, last_line_end) : bytes)}};
    const Result<target::QueryResult> result =
        engine.query("SELECT * FROM format(" + std::string(csv ? "CSV" : "Parquet") +
                         ", {rows:String}) LIMIT " + std::to_string(kMostRows) +
                         " SETTINGS format_csv_delimiter = " + target::string_literal(delimiter) +
                         ", input_format_csv_detect_header = 1, "
                         "input_format_csv_allow_whitespace_or_tab_as_delimiter = 1",
                     "JSON", bound);
    if (!result) {
        return ApiError{400, result.error().message};
    }
    Json preview = Json::parse(result->bytes, nullptr, false);
    Json& rows = preview["data"];
    if (rows.empty()) {
        return ApiError{400, "there is no row in what was sent"};
    }
    Json columns = Json::array();
    std::vector<std::string> schema;
    for (Json& column : preview["meta"]) {
        const std::string name = column["name"];
        const std::string type = narrow_type(column["type"], rows, name);
        const auto present = static_cast<std::uint64_t>(std::count_if(
            rows.begin(), rows.end(), [&](const Json& row) { return !row.at(name).is_null(); }));
        const std::string whole = present == rows.size() ? type : std::string(kNullable) + type + ")";
        column["type"] = whole;
        columns.push_back({{"path", name},
                           {"recommended_type", type},
                           {"present_pct", share(present, rows.size())},
                           {"name", name}});
        schema.push_back(target::identifier(name) + " " + whole);
    }
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(std::min(rows.size(), kPreviewRows)), rows.end());
    preview["rows"] = rows.size();
    Json answer = {{"analysis", {{"columns", columns}, {"schema", join(schema, ", ")}}},
                   {"preview", preview}};
    if (csv) {
        answer["dialect"] = {{"delimiter", delimiter}};
    }
    return answer;
}

} // namespace

ApiResult<Json> analyze_file(std::string_view bytes, FileFormat format, const model::Config& config,
                             target::SqlChannel& engine) {
    return format == FileFormat::Ndjson ? analyze_events(bytes, config, engine)
                                        : analyze_table(bytes, format, engine);
}

} // namespace birdhouse::server
