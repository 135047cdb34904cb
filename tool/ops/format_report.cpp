// What `fmt` tells about the files it went through.
#include "base/text.hpp"
#include "ops/format.hpp"
#include "ops/line_diff.hpp"

namespace birdhouse::ops {

namespace {

std::string difference(const FormattedFile& file) {
    std::string diff = unified_diff(file.before, file.after, file.path, file.path);
    if (diff.empty()) { // the lines are the same: only the end of the last one differs
        diff = "--- " + printable(file.path) + "\n+++ " + printable(file.path) + "\n" +
               "\\ no line end at the end of the file\n";
    }
    return diff;
}

std::string summary(const FormatReport& report) {
    const std::size_t changed = report.changed();
    const bool write = report.mode == FormatMode::Write;
    std::string line = counted(report.files.size() + report.left_alone, "datafile") + ": ";
    if (changed == 0 && report.left_alone == 0) {
        return line + "all in canonical form\n";
    }
    line += with_thousands(changed) + (write ? " formatted, " : " to format, ") +
            with_thousands(report.files.size() - changed) + " in canonical form";
    return line +
           (report.left_alone == 0 ? ""
                                   : ", " + with_thousands(report.left_alone) + " with errors left alone") +
           "\n";
}

} // namespace

std::string render_text(const FormatReport& report, ShowDifferences differences) {
    std::string out;
    for (const FormattedFile& file : report.files) {
        if (file.changed()) {
            out += (report.mode == FormatMode::Write ? "formatted: " : "to format: ") + printable(file.path) +
                   "\n" + (differences == ShowDifferences::Yes ? difference(file) : "");
        }
    }
    for (const std::string& path : report.generated) {
        out += "written by `birdhouse generate`, left alone: " + printable(path) + "\n";
    }
    return out + summary(report);
}

} // namespace birdhouse::ops
