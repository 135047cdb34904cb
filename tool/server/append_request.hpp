// What a request to append or replace says: its bytes, wherever they stand, and how they are to be read.
#pragma once

#include "server/routes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::server {

enum class FileFormat { Csv, Ndjson, Parquet };

struct AppendRequest {
    std::string bytes; // unpacked
    FileFormat format = FileFormat::Csv;
    char delimiter = ',';          // of CSV
    bool replaces = false;         // all rows that are there, or those of the condition
    std::string replace_condition; // an expression over the rows; empty: all of them
};

// The data stands in the first part that has a file name, whatever the part is called, is the whole body, or
// is fetched from the `url` that the request names.
ApiResult<AppendRequest> read_append(const Call& call, const std::string& mode);

struct SentFile {
    std::string bytes; // unpacked
    std::string name;  // of the file, or of the address; empty for a body
};
ApiResult<SentFile> read_sent_file(const Call& call);

// By the end of a file's name, `.gz` aside, or by what a request calls it.
std::optional<FileFormat> format_of_name(std::string name);
std::optional<FileFormat> format_called(std::string_view name);
// By what they begin with.
FileFormat format_of_bytes(std::string_view bytes);

} // namespace birdhouse::server
