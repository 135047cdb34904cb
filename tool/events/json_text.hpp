// The text inside JSON strings: escapes read and written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::events {

enum class EscapeFault { Unknown, LoneSurrogate };

// `inner` stands between the quotes of a string token. Appends what it means, in UTF-8.
std::optional<EscapeFault> append_unescaped(std::string& out, std::string_view inner);
// The same check without the text.
std::optional<EscapeFault> find_escape_fault(std::string_view inner);

// Quoted; control characters, quotes and backslashes escaped, all else as it is.
void append_json_string(std::string& out, std::string_view text);

} // namespace birdhouse::events
