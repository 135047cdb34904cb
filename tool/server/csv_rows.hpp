// CSV whose rows do not all fit: which of them do, and what the others are put aside as.
#pragma once

#include "model/datasource.hpp"
#include "server/api_result.hpp"
#include "server/ingestion.hpp"
#include "target/channel.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace birdhouse::server {

struct CsvForm {
    bool named = false; // the first line holds the names of the columns
    char delimiter = ',';
    // As a query's SETTINGS have it.
    std::string settings() const;
    std::string_view format() const { return named ? "CSVWithNames" : "CSV"; }
};

struct JudgedCsv {
    std::string good; // CSV of the same form
    std::string bad;  // rows of the quarantine table, as JSONEachRow
    std::uint64_t quarantined = 0;
    std::uint64_t invalid_lines = 0; // of those: no value of it is wrong by itself
};

// Names the first column with an empty field that is a whole or decimal number: the engine alone would read
// it as zero. In a Nullable one, only a quoted field is text.
std::optional<std::string> empty_number_in(std::string_view bytes, const CsvForm& form,
                                           const model::Datasource& datasource);

// `\N`, as ClickHouse writes NULL, as an empty field: what stands for NULL is one text.
std::string with_empty_nulls(std::string bytes, char delimiter);

// Asks the engine what it can read, half by half. 400 when more than a thousand rows do not fit: the file is
// of something else then.
ApiResult<JudgedCsv> judge_csv(std::string_view bytes, const CsvForm& form,
                               const model::Datasource& datasource, const IngestStamp& stamp,
                               target::SqlChannel& engine);

// `name` Type, ...: as the function `format` takes the columns of a text.
std::string structure_of(std::span<const model::Column> columns);

} // namespace birdhouse::server
