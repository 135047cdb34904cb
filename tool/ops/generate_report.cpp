// The report of `generate` as text for people and JSON for programs.
#include "base/text.hpp"
#include "ops/generate.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

using Json = nlohmann::ordered_json;

std::string_view word_of(FileChange change) {
    constexpr std::array<std::string_view, 4> kWords = {"created", "changed", "unchanged", "removed"};
    return kWords[static_cast<std::size_t>(change)];
}

// In Check mode nothing has happened yet.
std::string_view verb_of(const GenerateReport& report, FileChange change) {
    constexpr std::array<std::string_view, 4> kWould = {"missing", "out of date", "up to date",
                                                        "not wanted any more"};
    return report.mode == GenerateMode::Write ? word_of(change) : kWould[static_cast<std::size_t>(change)];
}

std::string summary(const GenerateReport& report) {
    const std::size_t same = report.count(FileChange::Unchanged);
    std::string line = counted(report.files.size() - report.count(FileChange::Removed), "datafile") + " in " +
                       backquoted(report.output) + ": ";
    if (!report.out_of_date()) {
        return line + "all up to date\n";
    }
    for (const FileChange change : {FileChange::Created, FileChange::Changed, FileChange::Removed}) {
        if (const std::size_t count = report.count(change); count != 0) {
            line += with_thousands(count) + " " + std::string(verb_of(report, change)) + ", ";
        }
    }
    return line + with_thousands(same) + " " + std::string(verb_of(report, FileChange::Unchanged)) + "\n";
}

} // namespace

std::string render_text(const GenerateReport& report) {
    std::string out;
    for (const GeneratedFile& file : report.files) {
        if (file.change != FileChange::Unchanged) {
            out += std::string(verb_of(report, file.change)) + ": " + printable(file.path) + "\n" +
                   file.difference;
        }
    }
    for (const std::string& stranger : report.strangers) {
        out += "not written by birdhouse, left alone: " + printable(stranger) + "\n";
    }
    return out + summary(report);
}

std::string render_json(const GenerateReport& report) {
    Json files = Json::array();
    for (const GeneratedFile& file : report.files) {
        const bool shown = report.mode == GenerateMode::Check && file.change != FileChange::Unchanged;
        files.push_back({{"path", file.path},
                         {"change", word_of(file.change)},
                         {"difference", shown ? Json(file.difference) : Json(nullptr)}});
    }
    const Json json = {{"mode", report.mode == GenerateMode::Write ? "write" : "check"},
                       {"output", report.output},
                       {"up_to_date", !report.out_of_date()},
                       {"files", std::move(files)},
                       {"strangers", report.strangers}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace birdhouse::ops
