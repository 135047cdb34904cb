#include "server/csv_rows.hpp"

#include "base/text.hpp"
#include "syntax/clickhouse_type.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

using Json = nlohmann::ordered_json;
using Records = std::span<const std::string_view>; // each with its line end

constexpr std::uint64_t kMostBad = 1'000;

// Line ends between quotes end no record.
std::vector<std::string_view> split_records(std::string_view bytes) {
    std::vector<std::string_view> records;
    bool quoted = false;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        quoted = quoted != (bytes[at] == '"');
        if (bytes[at] == '\n' && !quoted) {
            records.push_back(bytes.substr(begin, at + 1 - begin));
            begin = at + 1;
        }
    }
    if (begin < bytes.size()) {
        records.push_back(bytes.substr(begin));
    }
    return records;
}

// As they are written, quotes included.
std::vector<std::string_view> split_fields(std::string_view record, char delimiter) {
    while (record.ends_with('\n') || record.ends_with('\r')) {
        record.remove_suffix(1);
    }
    std::vector<std::string_view> fields;
    bool quoted = false;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < record.size(); ++at) {
        quoted = quoted != (record[at] == '"');
        if (record[at] == delimiter && !quoted) {
            fields.push_back(record.substr(begin, at - begin));
            begin = at + 1;
        }
    }
    fields.push_back(record.substr(begin));
    return fields;
}

std::string without_quotes(std::string_view field) {
    if (field.size() < 2 || field.front() != '"' || field.back() != '"') {
        return std::string(field);
    }
    std::string text;
    const std::string_view inner = field.substr(1, field.size() - 2);
    for (std::size_t at = 0; at < inner.size(); ++at) {
        text += inner[at];
        at += inner.substr(at).starts_with("\"\"") ? std::size_t{1} : 0;
    }
    return text;
}

bool is_blank(std::string_view record) { return record.find_first_not_of("\r\n") == std::string_view::npos; }

const syntax::ClickHouseType& stored_type(const syntax::ClickHouseType& type) {
    const syntax::ClickHouseType& inner = syntax::unwrapped(type);
    const bool is_state = inner.name == "SimpleAggregateFunction" && inner.arguments.size() == 2 &&
                          !inner.arguments[1].type.empty();
    return is_state ? stored_type(inner.arguments[1].type.front()) : inner;
}

// What decides of an empty field in a column.
struct FieldRule {
    const model::Column* column = nullptr;
    bool is_number = false; // whole or decimal
    bool is_nullable = false;

    bool refuses(std::string_view field) const {
        const bool quoted = field == "\"\"";
        return is_number && (quoted || (field.empty() && !is_nullable));
    }
};

FieldRule rule_for(const model::Column& column) {
    const auto parsed = syntax::parse_clickhouse_type(column.type);
    const auto* type = std::get_if<syntax::ClickHouseType>(&parsed);
    const std::string_view name = type == nullptr ? std::string_view() : stored_type(*type).name;
    return {&column, name.starts_with("Int") || name.starts_with("UInt") || name.starts_with("Decimal"),
            column.type.find("Nullable(") != std::string::npos};
}

// The records of a file, and what each of their fields is.
struct CsvFile {
    std::string_view header;
    std::vector<std::string_view> records; // without the header
    std::vector<FieldRule> rules;          // of the fields, in their order
};

CsvFile read_file(std::string_view bytes, const CsvForm& form, const model::Datasource& datasource) {
    CsvFile file{{}, split_records(bytes), {}};
    if (!form.named || file.records.empty()) {
        for (const model::Column& column : datasource.columns) {
            file.rules.push_back(rule_for(column));
        }
        return file;
    }
    file.header = file.records.front();
    file.records.erase(file.records.begin());
    for (const std::string_view name : split_fields(file.header, form.delimiter)) {
        const model::Column* column = model::find_column(datasource, without_quotes(trim(name)));
        file.rules.push_back(column == nullptr ? FieldRule{} : rule_for(*column));
    }
    return file;
}

const FieldRule* find_empty_number(std::string_view record, const CsvFile& file, char delimiter) {
    if (is_blank(record)) {
        return nullptr;
    }
    const std::vector<std::string_view> fields = split_fields(record, delimiter);
    for (std::size_t at = 0; at < std::min(fields.size(), file.rules.size()); ++at) {
        if (file.rules[at].refuses(trim(fields[at]))) {
            return &file.rules[at];
        }
    }
    return nullptr;
}

class Judging {
public:
    Judging(const CsvFile& file, const CsvForm& form, const model::Datasource& datasource,
            const IngestStamp& stamp, target::SqlChannel& engine)
        : file_(file), form_(form), datasource_(datasource), stamp_(stamp), engine_(engine) {}

    ApiResult<JudgedCsv> judge() {
        judged_.good = file_.header;
        std::vector<std::string_view> records;
        for (const std::string_view record : file_.records) {
            if (judged_.quarantined <= kMostBad && find_empty_number(record, file_, form_.delimiter)) {
                put_aside(record);
            } else {
                records.push_back(record);
            }
        }
        judge(records);
        if (judged_.quarantined > kMostBad) {
            return ApiError{400,
                            "more than " + with_thousands(kMostBad) +
                                " rows of the file do not fit the data source: nothing of it is written"};
        }
        return std::move(judged_);
    }

private:
    void judge(Records records) {
        if (records.empty() || judged_.quarantined > kMostBad) {
            return;
        }
        std::string text;
        for (const std::string_view record : records) {
            text += record;
        }
        if (reads(structure_of(datasource_.columns), form_.format(), std::string(file_.header) + text)) {
            judged_.good += text;
        } else if (records.size() == 1) {
            put_aside(records.front());
        } else {
            judge(records.first(records.size() / 2));
            judge(records.subspan(records.size() / 2));
        }
    }

    bool reads(const std::string& structure, std::string_view format, const std::string& text) {
        const std::array<target::Parameter, 2> bound = {
            target::Parameter{"columns", target::escape_tsv(structure)},
            target::Parameter{"rows", target::escape_tsv(text)}};
        return engine_
            .query("SELECT * FROM format(" + std::string(format) + ", {columns:String}, {rows:String})" +
                       form_.settings(),
                   "Null", bound)
            .ok();
    }

    void put_aside(std::string_view record) {
        const std::vector<std::string_view> fields = split_fields(record, form_.delimiter);
        Json columns = Json::array();
        Json errors = Json::array();
        Json row = {{"c__error_column", columns},
                    {"c__error", errors},
                    {"c__import_id", stamp_.import_id},
                    {"insertion_date", stamp_.insertion_date}};
        for (std::size_t at = 0; at < std::min(fields.size(), file_.rules.size()); ++at) {
            const model::Column* column = file_.rules[at].column;
            const std::string value = without_quotes(fields[at]);
            if (column != nullptr) {
                row[column->name] = value;
            }
            if (column != nullptr &&
                (file_.rules[at].refuses(trim(fields[at])) ||
                 !reads(structure_of({column, 1}), "CSV", std::string(fields[at]) + "\n"))) {
                row["c__error_column"].push_back(column->name);
                row["c__error"].push_back("value '" + value + "' on column '" + column->name + "' is not " +
                                          column->type);
            }
        }
        judged_.invalid_lines += row["c__error"].empty() ? std::uint64_t{1} : 0;
        ++judged_.quarantined;
        judged_.bad += row.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    }

    const CsvFile& file_;
    const CsvForm& form_;
    const model::Datasource& datasource_;
    const IngestStamp& stamp_;
    target::SqlChannel& engine_;
    JudgedCsv judged_;
};

} // namespace

std::string CsvForm::settings() const {
    // Blanks round a value are skipped otherwise.
    const std::string blank = delimiter == ' ' || delimiter == '	'
                                  ? ", input_format_csv_allow_whitespace_or_tab_as_delimiter = 1"
                                  : "";
    return " SETTINGS input_format_csv_allow_variable_number_of_columns = 1, "
           "input_format_defaults_for_omitted_fields = 1, input_format_csv_skip_trailing_empty_lines = 1, "
           // An empty field is NULL or a text, and no default.
           "input_format_csv_empty_as_default = 0, input_format_null_as_default = 0, "
           "format_csv_null_representation = '', format_csv_delimiter = " +
           target::string_literal(std::string(1, delimiter)) + blank;
}

std::string structure_of(std::span<const model::Column> columns) {
    std::vector<std::string> parts;
    for (const model::Column& column : columns) {
        parts.push_back(target::identifier(column.name) + " " + column.type);
    }
    return join(parts, ", ");
}

std::optional<std::string> empty_number_in(std::string_view bytes, const CsvForm& form,
                                           const model::Datasource& datasource) {
    const CsvFile file = read_file(bytes, form, datasource);
    for (const std::string_view record : file.records) {
        if (const FieldRule* rule = find_empty_number(record, file, form.delimiter)) {
            return rule->column->name;
        }
    }
    return std::nullopt;
}

std::string with_empty_nulls(std::string bytes, char delimiter) {
    constexpr std::string_view kNull = "\\N";
    if (bytes.find(kNull) == std::string::npos) {
        return bytes;
    }
    std::string text;
    for (const std::string_view record : split_records(bytes)) {
        const std::vector<std::string_view> fields = split_fields(record, delimiter);
        for (std::size_t at = 0; at < fields.size(); ++at) {
            text += at == 0 ? "" : std::string(1, delimiter);
            text += fields[at] == kNull ? std::string_view() : fields[at];
        }
        text += record.substr(record.find_last_not_of("\r\n") + 1);
    }
    return text;
}

ApiResult<JudgedCsv> judge_csv(std::string_view bytes, const CsvForm& form,
                               const model::Datasource& datasource, const IngestStamp& stamp,
                               target::SqlChannel& engine) {
    return Judging(read_file(bytes, form, datasource), form, datasource, stamp, engine).judge();
}

} // namespace birdhouse::server
