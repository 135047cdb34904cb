// A cursor over the text; each function takes one step of the path or leaves a fault.
#include "syntax/json_path.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>

namespace birdhouse::syntax {

namespace {

constexpr std::size_t kLongestPath = 4096; // bytes
constexpr std::size_t kMostSteps = 64;

bool is_bare(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7F && c != '.' && c != '[' && c != ']' && c != '\'' && c != '"';
}

class PathParser {
public:
    explicit PathParser(std::string_view text) : text_(text) {}

    Parsed<JsonPath> parse() {
        if (text_.size() > kLongestPath) {
            return too_long();
        }
        if (!take("$")) {
            fail("a path starts with `$`", "write " + backquoted("$." + std::string(text_.substr(0, 40))));
        }
        while (!fault_ && at_ < text_.size()) {
            parse_step();
        }
        if (fault_) {
            return *std::move(fault_);
        }
        // `['a']` is written `.['a']`: what reads is to be read again.
        if (write_json_path(path_).size() > kLongestPath) {
            return too_long();
        }
        return std::move(path_);
    }

private:
    SyntaxFault too_long() const {
        return {std::min(text_.size(), kLongestPath), "the path is longer than 4,096 bytes", ""};
    }

    void parse_step() {
        if (path_.steps.size() == kMostSteps) {
            fail("the path has more than 64 steps", "");
        } else if (take("[:")) {
            parse_elements();
        } else if (take(".[") || take("[")) {
            parse_quoted_key();
        } else if (take(".")) {
            parse_bare_key();
        } else {
            fail(backquoted(text_.substr(at_, 1)) + " stands where `.` or `[:]` is expected",
                 "put a key with other signs in quotes: `$.['a key']`");
        }
    }

    void parse_bare_key() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_bare(text_[at_])) {
            ++at_;
        }
        if (at_ == begin) {
            fail("a key is missing after `.`", "write `$.key`, or `$.['a key']`");
            return;
        }
        add_key(std::string(text_.substr(begin, at_ - begin)));
    }

    void parse_elements() {
        if (!take("]")) {
            fail("`[:` is not closed", "write `[:]`");
            return;
        }
        const auto is_elements = [](const JsonPathStep& step) {
            return step.kind == JsonPathStep::Kind::Elements;
        };
        if (std::any_of(path_.steps.begin(), path_.steps.end(), is_elements)) {
            fail("the path has a second `[:]`",
                 "take the inner array as text: a String column at the first `[:]`");
            return;
        }
        path_.steps.push_back({JsonPathStep::Kind::Elements, {}});
    }

    void parse_quoted_key() {
        const char quote = at_ < text_.size() ? text_[at_] : '\0';
        if (quote != '\'' && quote != '"') {
            fail("an array has no index here", "write `[:]` for all elements, `['key']` for a key");
            return;
        }
        ++at_;
        std::string key;
        while (at_ < text_.size() && text_[at_] != quote) {
            at_ += text_[at_] == '\\' && at_ + 1 < text_.size() ? 1U : 0U;
            key += text_[at_++];
        }
        if (!take(std::string_view(&quote, 1)) || !take("]")) {
            fail("a quoted key is not closed", "write `['key']`");
            return;
        }
        add_key(std::move(key));
    }

    void add_key(std::string key) { path_.steps.push_back({JsonPathStep::Kind::Key, std::move(key)}); }

    bool take(std::string_view wanted) {
        if (!text_.substr(at_).starts_with(wanted)) {
            return false;
        }
        at_ += wanted.size();
        return true;
    }

    void fail(std::string message, std::string help) {
        fault_ = SyntaxFault{at_, std::move(message), std::move(help)};
    }

    std::string_view text_;
    std::size_t at_ = 0;
    JsonPath path_;
    std::optional<SyntaxFault> fault_;
};

} // namespace

Parsed<JsonPath> parse_json_path(std::string_view text) { return PathParser(text).parse(); }

void append_json_path_key(std::string& path, std::string_view key) {
    if (!key.empty() && std::all_of(key.begin(), key.end(), is_bare)) {
        path += '.';
        path += key;
        return;
    }
    path += ".['";
    for (const char c : key) {
        if (c == '\'' || c == '\\') {
            path += '\\';
        }
        path += c;
    }
    path += "']";
}

std::string write_json_path(const JsonPath& path) {
    std::string text = "$";
    for (const JsonPathStep& step : path.steps) {
        if (step.kind == JsonPathStep::Kind::Elements) {
            text += "[:]";
        } else {
            append_json_path_key(text, step.key);
        }
    }
    return text;
}

} // namespace birdhouse::syntax
