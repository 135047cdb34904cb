#include "ops/result_chart.hpp"

#include "base/text.hpp"
#include "ops/chart_drawing.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <vector>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostPanels = 6;
constexpr std::size_t kMostBars = 60;

enum class ColumnKind { Time, Number, Name, Other };

struct ChartColumn {
    std::string name;
    ColumnKind kind = ColumnKind::Other;
    std::vector<std::string> cells; // as text; empty for NULL
};

ColumnKind kind_of(std::string_view type) {
    for (bool unwrapped = true; unwrapped;) {
        unwrapped = false;
        for (const std::string_view wrapper : {"LowCardinality(", "Nullable(", "SimpleAggregateFunction("}) {
            if (type.starts_with(wrapper)) {
                type.remove_prefix(wrapper.size());
                unwrapped = true;
            }
        }
        if (unwrapped && type.find(", ") != std::string_view::npos && !type.starts_with("Decimal") &&
            !type.starts_with("DateTime64")) {
            type.remove_prefix(type.find(", ") + 2); // SimpleAggregateFunction(sum, UInt64)
        }
    }
    if (type.starts_with("Date")) {
        return ColumnKind::Time;
    }
    const bool number = (type.starts_with("Int") && !type.starts_with("Interval")) ||
                        type.starts_with("UInt") || type.starts_with("Float") || type.starts_with("Decimal");
    if (number) {
        return ColumnKind::Number;
    }
    const bool compound = type.starts_with("Array") || type.starts_with("Map") || type.starts_with("Tuple") ||
                          type.starts_with("AggregateFunction") || type.starts_with("JSON") ||
                          type.starts_with("Nested");
    return compound ? ColumnKind::Other : ColumnKind::Name;
}

std::string cell_text(const Json& value) {
    if (value.is_null()) {
        return "";
    }
    return printable(value.is_string() ? value.get<std::string>()
                                       : value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::vector<ChartColumn> read_columns(const Json& result) {
    std::vector<ChartColumn> columns;
    for (const Json& meta : result.at("meta")) {
        columns.push_back(
            {printable(meta.at("name").get<std::string>()), kind_of(meta.at("type").get<std::string>()), {}});
    }
    for (const Json& row : result.at("data")) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            columns[i].cells.push_back(cell_text(row.at(i)));
        }
    }
    return columns;
}

std::optional<double> number_of(const std::string& cell) {
    double number = 0;
    const auto [end, fault] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
    const bool whole = fault == std::errc() && end == cell.data() + cell.size() && !cell.empty();
    return whole && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<int> digits_of(std::string_view text, std::size_t begin, std::size_t count) {
    int number = 0;
    if (begin + count > text.size()) {
        return std::nullopt;
    }
    const char* first = text.data() + begin;
    const auto [end, fault] = std::from_chars(first, first + count, number);
    return fault == std::errc() && end == first + count ? std::optional(number) : std::nullopt;
}

// Seconds since 1970 of `YYYY-MM-DD`, with ` HH:MM:SS` and a fraction when they are there.
std::optional<double> moment_of(const std::string& cell) {
    const auto year = digits_of(cell, 0, 4);
    const auto month = digits_of(cell, 5, 2);
    const auto day = digits_of(cell, 8, 2);
    if (!year || !month || !day) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    const int seconds = digits_of(cell, 11, 2).value_or(0) * 3600 + digits_of(cell, 14, 2).value_or(0) * 60 +
                        digits_of(cell, 17, 2).value_or(0);
    const double fraction = cell.size() > 19 ? number_of("0" + cell.substr(19)).value_or(0) : 0;
    return static_cast<double>(days) * 86'400 + seconds + fraction;
}

std::vector<const ChartColumn*> columns_of(const std::vector<ChartColumn>& columns, ColumnKind kind) {
    std::vector<const ChartColumn*> found;
    for (const ChartColumn& column : columns) {
        if (column.kind == kind) {
            found.push_back(&column);
        }
    }
    return found;
}

std::size_t count_distinct(const std::vector<std::string>& cells) {
    return std::set<std::string_view>(cells.begin(), cells.end()).size();
}

std::optional<TimeAxis> axis_of(const ChartColumn& time) {
    std::vector<std::pair<double, std::string>> moments;
    for (const std::string& cell : time.cells) {
        if (const auto moment = moment_of(cell)) {
            moments.emplace_back(*moment, cell);
        }
    }
    std::sort(moments.begin(), moments.end());
    if (moments.empty() || moments.front().first == moments.back().first) {
        return std::nullopt;
    }
    TimeAxis axis{moments.front().first, moments.back().first, std::numeric_limits<double>::infinity(),
                  moments.front().second, moments.back().second};
    for (std::size_t i = 1; i < moments.size(); ++i) {
        const double step = moments[i].first - moments[i - 1].first;
        axis.step = step > 0 ? std::min(axis.step, step) : axis.step;
    }
    return axis;
}

// One series a value of `name`, or one in all when there is no such column.
std::vector<ChartSeries> series_of(const ChartColumn& time, const ChartColumn& number,
                                   const ChartColumn* name) {
    std::vector<ChartSeries> all;
    for (std::size_t row = 0; row < time.cells.size(); ++row) {
        const auto at = moment_of(time.cells[row]);
        const auto value = number_of(number.cells[row]);
        if (!at || !value) {
            continue;
        }
        const std::string title =
            name == nullptr ? number.name : number.name + ", " + name->name + " " + name->cells[row];
        auto known = std::find_if(all.begin(), all.end(),
                                  [&title](const ChartSeries& one) { return one.name == title; });
        if (known == all.end()) {
            all.push_back({title, {}});
            known = all.end() - 1;
        }
        known->points.push_back({*at, *value});
    }
    return all;
}

std::string draw_over_time(const std::vector<ChartColumn>& columns, const ChartColumn& time,
                           const TimeAxis& axis, std::size_t width) {
    const auto numbers = columns_of(columns, ColumnKind::Number);
    const auto names = columns_of(columns, ColumnKind::Name);
    // Rows that share a moment differ by a name: each name has a line of its own.
    const bool split = !names.empty() && count_distinct(time.cells) < time.cells.size();
    std::vector<ChartSeries> all;
    for (const ChartColumn* number : numbers) {
        for (ChartSeries& series : series_of(time, *number, split ? names.front() : nullptr)) {
            all.push_back(std::move(series));
        }
    }
    std::string out;
    for (std::size_t i = 0; i < std::min(all.size(), kMostPanels); ++i) {
        out += (i == 0 ? "" : "\n") + draw_panel(all[i], axis, width);
    }
    if (all.size() > kMostPanels) {
        out += "... and " + counted(all.size() - kMostPanels, "more series") + "\n";
    }
    return out;
}

std::string draw_by_name(const ChartColumn& name, const ChartColumn& number, std::size_t width) {
    std::vector<ChartBar> bars;
    for (std::size_t row = 0; row < std::min(name.cells.size(), kMostBars); ++row) {
        const auto value = number_of(number.cells[row]);
        bars.push_back({name.cells[row].empty() ? "NULL" : name.cells[row], value.value_or(0),
                        value ? number.cells[row] : "NULL"});
    }
    std::string out = number.name + " by " + name.name + "\n" + draw_bars(bars, width);
    if (name.cells.size() > kMostBars) {
        out += "... and " + counted(name.cells.size() - kMostBars, "more row") + "\n";
    }
    return out;
}

bool falls(const ChartColumn& column) {
    double last = std::numeric_limits<double>::infinity();
    for (const std::string& cell : column.cells) {
        const double value = number_of(cell).value_or(last);
        if (value > last) {
            return false;
        }
        last = value;
    }
    return true;
}

// The column that the rows are ordered by, largest first, is what they are about; else the first one.
const ChartColumn& measure_of(const std::vector<const ChartColumn*>& numbers) {
    const auto ordered = std::find_if(numbers.begin(), numbers.end(),
                                      [](const ChartColumn* column) { return falls(*column); });
    return ordered == numbers.end() ? *numbers.front() : **ordered;
}

ResultChart draw(const std::vector<ChartColumn>& columns, std::size_t width) {
    ResultChart chart;
    chart.rows = columns.empty() ? 0 : columns.front().cells.size();
    const auto numbers = columns_of(columns, ColumnKind::Number);
    const auto times = columns_of(columns, ColumnKind::Time);
    const auto names = columns_of(columns, ColumnKind::Name);
    if (chart.rows == 0) {
        chart.unfit = "a chart needs rows, and there are none";
        return chart;
    }
    if (numbers.empty()) {
        chart.unfit = "a chart needs numbers, and no column holds any";
        return chart;
    }
    if (const auto axis = times.empty() ? std::nullopt : axis_of(*times.front())) {
        chart.text = draw_over_time(columns, *times.front(), *axis, width);
        return chart;
    }
    if (!names.empty()) {
        chart.text = draw_by_name(*names.front(), measure_of(numbers), width);
        return chart;
    }
    // A number that tells rows apart names them: an hour of the day, a bucket.
    if (numbers.size() > 1 && count_distinct(numbers.front()->cells) == chart.rows) {
        chart.text = draw_by_name(*numbers.front(), *numbers[1], width);
        return chart;
    }
    chart.unfit = "a chart needs a time or a name beside its numbers, and no column holds one";
    return chart;
}

} // namespace

Result<ResultChart> render_chart(std::string_view json_compact, std::size_t width) {
    try {
        return draw(read_columns(Json::parse(json_compact)), width);
    } catch (const nlohmann::json::exception&) {
        return Error{ExitCode::Failed, "the engine's answer is not the JSON that was asked for",
                     "try --format csv"};
    }
}

} // namespace birdhouse::ops
