#include "server/append_request.hpp"

#include "base/text.hpp"
#include "net/http_client.hpp"
#include "server/append.hpp"
#include "server/csv_rows.hpp"
#include "server/ingestion.hpp"

#include <algorithm>

namespace birdhouse::server {

namespace {

const net::FormPart* file_part(const net::HttpRequest& request) {
    const auto found = std::find_if(request.parts.begin(), request.parts.end(),
                                    [](const net::FormPart& part) { return !part.filename.empty(); });
    return found == request.parts.end() ? nullptr : &*found;
}

std::string without_query(const std::string& url) { return url.substr(0, url.find_first_of("?#")); }

// On a server that others reach, whoever has a token could look around in its network.
ApiResult<std::string> fetch(const Call& call, const std::string& url) {
    constexpr std::chrono::seconds kLongest{60};
    if (!call.core.options().tells_tokens) {
        return ApiError{400, "imports from an address are served on loopback only: send the file itself"};
    }
    if (!url.starts_with("http://") && !url.starts_with("https://")) {
        return ApiError{400, "imports are served from addresses that begin with http:// or https://"};
    }
    net::HttpCall get;
    get.url = url;
    get.timeout = kLongest;
    net::CurlClient client;
    net::HttpOutcome outcome = client.call(get);
    if (const auto* failure = std::get_if<net::HttpFailure>(&outcome)) {
        return ApiError{400, printable(failure->message)};
    }
    auto& response = *std::get_if<net::HttpResponse>(&outcome);
    constexpr int kOk = 200;
    if (response.status != kOk) {
        return ApiError{400, printable(without_query(url)) + " answered " + std::to_string(response.status)};
    }
    return std::move(response.body);
}

// Of what ClickHouse's CSV knows; what it does not is refused rather than read otherwise than was asked.
ApiResult<char> read_dialect(const Call& call) {
    const std::string line_end = field(call, "dialect_new_line").value_or("\n");
    if (line_end != "\n" && line_end != "\r\n" && line_end != "\\n" && line_end != "\\r\\n") {
        return ApiError{400, "`dialect_new_line` is served as \\n and \\r\\n"};
    }
    const std::string escape = field(call, "dialect_escapechar").value_or("");
    if (!escape.empty() && escape != "\"") {
        return ApiError{400, "`dialect_escapechar` is served as `\"`: quotes in texts are doubled"};
    }
    std::string delimiter = field(call, "dialect_delimiter").value_or(",");
    delimiter = delimiter == "\\t" ? "\t" : delimiter;
    constexpr std::string_view kDelimiters = ",;\t| :^~";
    if (delimiter.size() != 1 || kDelimiters.find(delimiter.front()) == std::string_view::npos) {
        return ApiError{400,
                        "`dialect_delimiter` must be a comma, a semicolon, a tab, a blank or one of |:^~"};
    }
    return delimiter.front();
}

} // namespace

std::optional<FileFormat> format_called(std::string_view name) {
    if (name == "ndjson" || name == "jsonl" || name == "json") {
        return FileFormat::Ndjson;
    }
    return name == "csv"       ? std::optional(FileFormat::Csv)
           : name == "parquet" ? std::optional(FileFormat::Parquet)
                               : std::nullopt;
}

std::optional<FileFormat> format_of_name(std::string name) {
    name.resize(name.size() - (name.ends_with(".gz") ? 3 : 0));
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos ? std::nullopt : format_called(to_lower_ascii(name.substr(dot + 1)));
}

FileFormat format_of_bytes(std::string_view bytes) {
    const std::string_view text = trim(bytes.substr(0, 100));
    return bytes.starts_with("PAR1") ? FileFormat::Parquet
           : text.starts_with('{')   ? FileFormat::Ndjson
                                     : FileFormat::Csv;
}

ApiResult<SentFile> read_sent_file(const Call& call) {
    SentFile file;
    if (const std::optional<std::string> url = field(call, "url")) {
        TRY_ASSIGN(file.bytes, fetch(call, *url));
        file.name = without_query(*url);
    } else if (const net::FormPart* part = file_part(call.request)) {
        file.bytes = part->content;
        file.name = part->filename;
    } else {
        file.bytes = call.request.body;
    }
    std::string room;
    TRY_ASSIGN(const std::string_view bytes, unpacked(file.bytes, call.core.options().largest_body, room));
    if (bytes.data() != file.bytes.data()) {
        file.bytes = std::move(room);
    }
    return file;
}

ApiResult<AppendRequest> read_append(const Call& call, const std::string& mode) {
    if (mode != "append" && mode != "replace") {
        return ApiError{400, "the mode `" + printable(mode) + "` is not served: append and replace are"};
    }
    AppendRequest request;
    request.replaces = mode == "replace";
    if (const std::optional<std::string> condition = field(call, "replace_condition")) {
        if (!request.replaces || !check_condition(*condition)) {
            return ApiError{400, "`replace_condition` must be one expression over the rows of the data "
                                 "source, and goes with `mode=replace`"};
        }
        request.replace_condition = *condition;
    }
    TRY_ASSIGN(request.delimiter, read_dialect(call));
    const std::optional<std::string> called = field(call, "format");
    if (called && !format_called(*called)) {
        return ApiError{400,
                        "the format `" + printable(*called) + "` is not served: csv, ndjson and parquet are"};
    }
    TRY_ASSIGN(SentFile file, read_sent_file(call));
    const std::optional<FileFormat> named = called ? format_called(*called) : format_of_name(file.name);
    request.format = named.value_or(format_of_bytes(file.bytes));
    request.bytes = request.format == FileFormat::Csv
                        ? with_empty_nulls(std::move(file.bytes), request.delimiter)
                        : std::move(file.bytes);
    return request;
}

} // namespace birdhouse::server
