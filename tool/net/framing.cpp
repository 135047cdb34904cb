#include "net/framing.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::net {

namespace {

constexpr std::size_t kMostDigits = 18; // of a length that fits in any integer here

bool is_length(std::string_view text) {
    return !text.empty() && text.size() <= kMostDigits &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_bodiless(std::string_view method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

} // namespace

std::string_view framing_fault(std::string_view method, const Fields& headers) {
    constexpr auto kOnce = std::to_array<std::string_view>(
        {"content-length", "transfer-encoding", "host", "authorization", "content-type", "content-encoding"});
    for (const std::string_view name : kOnce) {
        if (std::count_if(headers.begin(), headers.end(),
                          [&](const auto& header) { return header.first == name; }) > 1) {
            return "a header that says one thing is there twice";
        }
    }
    const std::optional<std::string> length = find(headers, "content-length");
    const std::optional<std::string> encoding = find(headers, "transfer-encoding");
    if (length && !is_length(*length)) {
        return "Content-Length is no number";
    }
    if (encoding && to_lower_ascii(*encoding) != "chunked") {
        return "Transfer-Encoding is served as chunked only";
    }
    if (length && encoding) {
        return "Content-Length and Transfer-Encoding say two things";
    }
    const bool has_body = encoding || (length && length->find_first_not_of('0') != std::string::npos);
    return has_body && is_bodiless(method) ? "this method has no body" : "";
}

bool announces_body(const Fields& headers) {
    return find(headers, "content-length") || find(headers, "transfer-encoding");
}

} // namespace birdhouse::net
