// Any bytes through the whole of `validate` and of `infer`: from the stream to every report. Nothing may
// crash; any number of threads gives the same report; what is proposed from events takes these events.
#include "events/checker.hpp"
#include "events/inference.hpp"
#include "ops/event_problems.hpp"
#include "ops/event_report.hpp"
#include "quiet_session.hpp"

#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace birdhouse;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

events::EventSchema schema() {
    model::Datasource datasource;
    datasource.name = "d";
    const std::vector<std::pair<std::string, std::string>> columns = {{"$.a", "UInt8"},
                                                                      {"$.b", "Nullable(String)"},
                                                                      {"$.c", "DateTime64(3)"},
                                                                      {"$.d[:]", "Array(Int16)"},
                                                                      {"$.e[:].f", "Array(String)"},
                                                                      {"$.g.h", "Float64"},
                                                                      {"$.i", "UUID"},
                                                                      {"$.j", "Bool"}};
    for (const auto& [path, type] : columns) {
        model::Column column;
        column.name = path;
        column.type = type;
        column.json_path = path;
        column.default_expression = path == "$.a" ? std::nullopt : std::optional<std::string>("x");
        column.allowed = path == "$.b" ? std::vector<std::string>{"x", "y"} : std::vector<std::string>();
        datasource.columns.push_back(std::move(column));
    }
    Diagnostics problems;
    return events::EventSchema::compile(datasource, {}, {}, problems).value();
}

std::string report_on(const std::string& bytes, const events::EventSchema& schema, std::size_t threads) {
    testing::QuietSession session(bytes);
    ops::EventInput input;
    input.longest_line = 4'096;
    input.threads = threads;
    input.gathers = true;
    const Result<ops::EventReport> report = ops::validate_events(schema, input, session.get());
    if (!report) {
        return report.error().message;
    }
    const ops::PlacedReport placed = ops::event_problems(*report, schema, "1 (c)");
    return ops::render_text(*report, schema) + ops::render_json(*report, schema) +
           ops::render_github(placed) + ops::render_sarif(placed) + ops::render_junit(placed);
}

void infer_from(const std::string& bytes) {
    events::EventReader reader(std::string_view(bytes), 4'096);
    events::Inference inference;
    events::JsonRow row;
    std::vector<std::string> taken;
    while (const std::optional<events::EventLine> line = reader.next()) {
        if (!line->too_long && !row.parse(line->text) && row.token(0).kind == events::JsonKind::Object) {
            inference.add(row);
            taken.emplace_back(line->text);
        }
    }
    Diagnostics problems;
    model::Datasource proposed = inference.propose("d").datasource;
    if (proposed.columns.empty()) {
        return;
    }
    const auto compiled = events::EventSchema::compile(proposed, {}, {}, problems);
    require(compiled.has_value());
    events::EventChecker checker(*compiled);
    for (const std::string& event : taken) {
        require(checker.check(event).status == events::RowStatus::Accepted);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const events::EventSchema compiled = schema();
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    require(report_on(bytes, compiled, 1) == report_on(bytes, compiled, 2));
    infer_from(bytes);
    return 0;
}
