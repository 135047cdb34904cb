// The report of `pipe record` as text for people and JSON for programs.
#include "base/text.hpp"
#include "ops/contract_record.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

using Json = nlohmann::ordered_json;

// In Check mode nothing has happened yet.
std::string_view verb_of(const RecordReport& report, FileChange change) {
    static constexpr std::array<std::string_view, 4> kDone = {"recorded", "changed", "unchanged", "removed"};
    static constexpr std::array<std::string_view, 4> kWould = {"missing", "out of date", "up to date",
                                                               "not wanted any more"};
    return (report.mode == GenerateMode::Write ? kDone : kWould).at(static_cast<std::size_t>(change));
}

} // namespace

std::string render_text(const RecordReport& report) {
    std::string out;
    std::size_t same = 0;
    for (const GeneratedFile& file : report.files) {
        if (file.change == FileChange::Unchanged) {
            ++same;
            continue;
        }
        out +=
            std::string(verb_of(report, file.change)) + ": " + printable(file.path) + "\n" + file.difference;
    }
    return out + counted(report.files.size(), "contract") + ", " + with_thousands(same) + " up to date\n";
}

std::string render_json(const RecordReport& report) {
    Json files = Json::array();
    for (const GeneratedFile& file : report.files) {
        const bool shown = report.mode == GenerateMode::Check && file.change != FileChange::Unchanged;
        files.push_back({{"path", file.path},
                         {"change", verb_of(report, file.change)},
                         {"difference", shown ? Json(file.difference) : Json(nullptr)}});
    }
    const Json json = {{"mode", report.mode == GenerateMode::Write ? "write" : "check"},
                       {"up_to_date", !report.out_of_date()},
                       {"files", std::move(files)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace birdhouse::ops
