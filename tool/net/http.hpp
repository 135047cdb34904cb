// HTTP as values: what came in, what goes out. Nothing here knows a socket.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace birdhouse::net {

using Fields = std::vector<std::pair<std::string, std::string>>; // in the order they came; names may repeat

// The first of that name.
std::optional<std::string> find(const Fields& fields, std::string_view name);

// One part of a multipart body.
struct FormPart {
    std::string name;
    std::string filename; // empty for a plain field
    std::string content;
};

struct HttpRequest {
    std::string method; // upper case
    std::string path;   // decoded, without the query
    Fields query;       // decoded
    Fields headers;     // names in lower case
    std::string body;   // as it came, but for gzip; empty when it came in parts
    std::vector<FormPart> parts;
};

struct HttpResponse {
    int status = 200;
    std::string content_type;
    std::string body;
    Fields headers;
};

// `a=1&b=x%20y`: a query or a form body. A field without `=` has an empty value.
Fields parse_form(std::string_view text);
std::string percent_decode(std::string_view text);

} // namespace birdhouse::net
