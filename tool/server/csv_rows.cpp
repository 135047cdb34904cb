#include "server/csv_rows.hpp"

#include "base/text.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <array>
#include <span>
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

class Judging {
public:
    Judging(const CsvForm& form, const model::Datasource& datasource, const IngestStamp& stamp,
            target::SqlChannel& engine)
        : form_(form), datasource_(datasource), stamp_(stamp), engine_(engine) {}

    ApiResult<JudgedCsv> judge(std::string_view bytes) {
        const std::vector<std::string_view> all = split_records(bytes);
        Records records = all;
        for (const model::Column& column : datasource_.columns) {
            names_.push_back(column.name);
        }
        if (form_.named && !records.empty()) {
            header_ = records.front();
            records = records.subspan(1);
            names_.clear();
            for (const std::string_view name : split_fields(header_, form_.delimiter)) {
                names_.push_back(without_quotes(trim(name)));
            }
        }
        judged_.good = header_;
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
        if (reads(structure_of(datasource_.columns), form_.format(), std::string(header_) + text)) {
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
        for (std::size_t at = 0; at < std::min(fields.size(), names_.size()); ++at) {
            const model::Column* column = model::find_column(datasource_, names_[at]);
            const std::string value = without_quotes(fields[at]);
            if (column != nullptr) {
                row[column->name] = value;
            }
            if (column != nullptr &&
                !reads(structure_of({column, 1}), "CSV", std::string(fields[at]) + "\n")) {
                row["c__error_column"].push_back(column->name);
                row["c__error"].push_back("value '" + value + "' on column '" + column->name + "' is not " +
                                          column->type);
            }
        }
        judged_.invalid_lines += row["c__error"].empty() ? std::uint64_t{1} : 0;
        ++judged_.quarantined;
        judged_.bad += row.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    }

    const CsvForm& form_;
    const model::Datasource& datasource_;
    const IngestStamp& stamp_;
    target::SqlChannel& engine_;
    std::vector<std::string> names_; // of the fields, in their order
    std::string_view header_;
    JudgedCsv judged_;
};

} // namespace

std::string CsvForm::settings() const {
    // Blanks round a value are skipped otherwise.
    const std::string blank = delimiter == ' ' || delimiter == '	'
                                  ? ", input_format_csv_allow_whitespace_or_tab_as_delimiter = 1"
                                  : "";
    return " SETTINGS input_format_csv_allow_variable_number_of_columns = 1, "
           "input_format_defaults_for_omitted_fields = 1, format_csv_delimiter = " +
           target::string_literal(std::string(1, delimiter)) + blank;
}

std::string structure_of(std::span<const model::Column> columns) {
    std::vector<std::string> parts;
    for (const model::Column& column : columns) {
        parts.push_back(target::identifier(column.name) + " " + column.type);
    }
    return join(parts, ", ");
}

ApiResult<JudgedCsv> judge_csv(std::string_view bytes, const CsvForm& form,
                               const model::Datasource& datasource, const IngestStamp& stamp,
                               target::SqlChannel& engine) {
    return Judging(form, datasource, stamp, engine).judge(bytes);
}

} // namespace birdhouse::server
