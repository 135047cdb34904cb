#include "engine/failure.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace birdhouse::engine {

namespace {

// Long enough for any sentence; a message can also hold the whole statement.
constexpr std::size_t kLongestMessage = 400; // code points

bool is_name_character(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

bool consume(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) {
        return false;
    }
    text.remove_prefix(prefix.size());
    return true;
}

// Takes "Code: 60. DB::Exception: " off the front.
int take_code(std::string_view& text) {
    std::string_view rest = text;
    int code = 0;
    if (!consume(rest, "Code: ")) {
        return 0;
    }
    const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), code);
    if (failure != std::errc{}) {
        return 0;
    }
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (!consume(rest, ". ")) {
        return 0;
    }
    consume(rest, "DB::Exception: ");
    text = rest;
    return code;
}

// Some messages end in the engine's version, which `doctor` tells better.
std::string_view without_version(std::string_view text) {
    const std::size_t open = text.rfind(" (version ");
    const bool at_end = open != std::string_view::npos && text.find(')', open) == text.size() - 1;
    return at_end ? text.substr(0, open) : text;
}

// Takes " (UNKNOWN_TABLE)" off the end.
std::string take_name(std::string_view& text) {
    const std::size_t open = text.rfind('(');
    if (open == std::string_view::npos || !text.ends_with(')')) {
        return {};
    }
    const std::string_view name = text.substr(open + 1, text.size() - open - 2);
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_name_character)) {
        return {};
    }
    text = trim(text.substr(0, open));
    return std::string(name);
}

std::string_view without_expectations(std::string_view line) {
    // The list of every token the grammar would take helps nobody and fills a screen.
    line = line.substr(0, line.find(" Expected one of: "));
    while (line.ends_with('.') || line.ends_with(' ')) {
        line.remove_suffix(1);
    }
    return line;
}

} // namespace

Failure parse_failure(std::string_view text) {
    std::string_view rest = trim(text);
    Failure failure;
    failure.code = take_code(rest);
    rest = without_version(rest);
    failure.name = take_name(rest);
    failure.message = shorten(without_expectations(trim(rest.substr(0, rest.find('\n')))), kLongestMessage);
    return failure;
}

Error refused(const Failure& failure) {
    std::string message = "the engine refused: " + printable(failure.message);
    if (failure.code != 0) {
        message +=
            " (" + std::to_string(failure.code) + (failure.name.empty() ? "" : " " + failure.name) + ")";
    }
    return Error{ExitCode::Failed, std::move(message), {}};
}

} // namespace birdhouse::engine
