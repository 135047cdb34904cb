#include "codec/sql_text.hpp"

#include "base/codes.hpp"

#include <algorithm>

namespace birdhouse::codec {

namespace {

// A line of a block is marked to its end; any other text as a whole, or exactly when it is one line.
std::vector<Origin> place_lines(const syntax::YamlNode& node, const std::string& sql,
                                const SourceMap& sources) {
    const auto lines = static_cast<std::size_t>(std::count(sql.begin(), sql.end(), '\n')) + 1;
    if (node.line_begins.size() < lines) {
        return std::vector<Origin>(
            lines, Origin{lines == 1 ? syntax::place_in(node, sources, 0, sql.size()) : node.span});
    }
    const std::string_view text = sources.text(node.span.source);
    std::vector<Origin> origins;
    for (std::size_t i = 0; i < lines; ++i) {
        const std::uint32_t begin = node.line_begins[i];
        const std::size_t end = std::min(text.find_first_of("\r\n", begin), text.size());
        origins.push_back({{node.span.source, begin, static_cast<std::uint32_t>(end)}});
    }
    return origins;
}

} // namespace

void read_sql(const syntax::YamlNode& node, std::string& sql, std::vector<Origin>* line_origins,
              Reading reading) {
    sql = node.text;
    sql.erase(sql.find_last_not_of(" \t\r\n") + 1); // npos + 1 is 0
    if (sql.empty()) {
        reading.problems.add(codes::F017, node.span, "`sql` is empty", "write a SELECT");
    } else if (line_origins != nullptr) {
        *line_origins = place_lines(node, sql, reading.sources);
    }
}

} // namespace birdhouse::codec
