#include "ops/result_table.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kGap = 2;       // blanks between columns
constexpr std::size_t kNarrowest = 8; // a text column is not cut further: the table loses columns instead

struct TableColumn {
    std::string name;
    bool number = false;
    std::size_t width = 0; // code points
    std::vector<std::string> cells;
};

bool is_number(std::string_view type) {
    for (const std::string_view wrapper : {"LowCardinality(", "Nullable("}) {
        if (type.starts_with(wrapper)) {
            type.remove_prefix(wrapper.size());
        }
    }
    return type.starts_with("Int")
               ? !type.starts_with("Interval")
               : type.starts_with("UInt") || type.starts_with("Float") || type.starts_with("Decimal");
}

std::string cell_text(const Json& value) {
    if (value.is_null()) {
        return "NULL";
    }
    constexpr auto kKeepBytes = Json::error_handler_t::replace; // a String column can hold any bytes
    return printable(value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, kKeepBytes));
}

std::vector<TableColumn> read_columns(const Json& result) {
    std::vector<TableColumn> columns;
    for (const Json& meta : result.at("meta")) {
        TableColumn column;
        column.name = printable(meta.at("name").get<std::string>());
        column.number = is_number(meta.at("type").get<std::string>());
        column.width = count_code_points(column.name);
        columns.push_back(std::move(column));
    }
    for (const Json& row : result.at("data")) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            columns[i].cells.push_back(cell_text(row.at(i)));
            columns[i].width = std::max(columns[i].width, count_code_points(columns[i].cells.back()));
        }
    }
    return columns;
}

std::size_t total_width(const std::vector<TableColumn>& columns) {
    std::size_t total = columns.empty() ? 0 : kGap * (columns.size() - 1);
    for (const TableColumn& column : columns) {
        total += column.width;
    }
    return total;
}

// Numbers keep their digits: a cut number is a wrong one.
std::size_t narrowest(const TableColumn& column) {
    return column.number ? column.width : std::min(column.width, kNarrowest);
}

// Takes from the widest text column, one code point after the other, until the table fits or all are narrow.
void shrink(std::vector<TableColumn>& columns, std::size_t width) {
    for (std::size_t total = total_width(columns); total > width; --total) {
        const auto widest =
            std::max_element(columns.begin(), columns.end(), [](const auto& a, const auto& b) {
                return a.width - narrowest(a) < b.width - narrowest(b);
            });
        if (widest == columns.end() || widest->width == narrowest(*widest)) {
            return;
        }
        --widest->width;
    }
}

std::size_t least_width(const std::vector<TableColumn>& columns) {
    std::size_t total = columns.empty() ? 0 : kGap * (columns.size() - 1);
    for (const TableColumn& column : columns) {
        total += narrowest(column);
    }
    return total;
}

void append_cell(std::string& line, const TableColumn& column, const std::string& text) {
    const std::size_t length = count_code_points(text);
    const std::string shown = length > column.width ? shorten(text, column.width - 1) : text;
    const std::string blanks(column.width - std::min(length, column.width), ' ');
    line += column.number ? blanks + shown : shown + blanks;
}

template <class CellOf>
void append_line(std::string& out, const std::vector<TableColumn>& columns, const CellOf& cell_of) {
    std::string line;
    for (const TableColumn& column : columns) {
        line += line.empty() && &column == &columns.front() ? "" : std::string(kGap, ' ');
        append_cell(line, column, cell_of(column));
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
}

} // namespace

Result<ResultTable> render_table(std::string_view json_compact, std::size_t width) {
    std::vector<TableColumn> columns;
    try {
        columns = read_columns(Json::parse(json_compact));
    } catch (const nlohmann::json::exception&) {
        return Error{ExitCode::Failed, "the engine's answer is not the JSON that was asked for",
                     "try --format csv"};
    }
    ResultTable table;
    table.rows = columns.empty() ? 0 : columns.front().cells.size();
    while (columns.size() > 1 && least_width(columns) > width) {
        columns.pop_back();
        ++table.hidden_columns;
    }
    shrink(columns, width);
    append_line(table.text, columns, [](const TableColumn& column) { return column.name; });
    for (std::size_t row = 0; row < table.rows; ++row) {
        append_line(table.text, columns, [row](const TableColumn& column) { return column.cells[row]; });
    }
    return table;
}

} // namespace birdhouse::ops
