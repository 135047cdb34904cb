#include "target/sql_text.hpp"

#include "base/text.hpp"
#include "syntax/sql_tokens.hpp"

namespace birdhouse::target {

namespace {

// What the letter behind a backslash stands for.
char unescaped(char letter) {
    switch (letter) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case '0':
        return '\0';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    default:
        return letter;
    }
}

} // namespace

std::string identifier(std::string_view name) { return syntax::quoted_sql_name(name); }

std::string qualified_name(std::string_view database, std::string_view name) {
    return identifier(database) + "." + identifier(name);
}

std::string string_literal(std::string_view text) { return syntax::quoted_sql_string(text); }

std::string escape_tsv(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\t':
            out += "\\t";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\0':
            out += "\\0";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string unescape_tsv(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '\\' && i + 1 < text.size();
        out += escape ? unescaped(text[++i]) : text[i];
    }
    return out;
}

std::vector<std::vector<std::string>> parse_tsv(std::string_view bytes) {
    std::vector<std::vector<std::string>> rows;
    if (bytes.ends_with('\n')) {
        bytes.remove_suffix(1);
    }
    if (bytes.empty()) {
        return rows;
    }
    for (const std::string_view line : split(bytes, '\n')) {
        std::vector<std::string>& row = rows.emplace_back();
        for (const std::string_view field : split(line, '\t')) {
            row.push_back(unescape_tsv(field));
        }
    }
    return rows;
}

} // namespace birdhouse::target
