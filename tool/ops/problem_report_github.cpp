// Workflow commands of GitHub Actions: `::error file=a.pipe,line=3,col=5,title=F301::message`. A runner reads
// them from the log and shows each at its line of the pull request.
#include "ops/problem_report.hpp"

namespace birdhouse::ops {

namespace {

// A value of a property ends at a comma and a name at a colon; in a message only line ends are special.
std::string escaped(std::string_view text, bool property) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '%':
            out += "%25";
            break;
        case '\r':
            out += "%0D";
            break;
        case '\n':
            out += "%0A";
            break;
        case ':':
            out += property ? "%3A" : ":";
            break;
        case ',':
            out += property ? "%2C" : ",";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string properties_of(const PlacedProblem& problem, const std::string& folder) {
    std::string out;
    if (problem.place) {
        const ProblemPlace& place = *problem.place;
        const std::string file = folder.empty() ? place.file : folder + "/" + place.file;
        out += "file=" + escaped(file, true) + ",line=" + std::to_string(place.line) +
               ",endLine=" + std::to_string(place.end_line);
        // GitHub takes columns only of a place that ends on its line.
        if (place.line == place.end_line) {
            out += ",col=" + std::to_string(place.column) + ",endColumn=" + std::to_string(place.end_column);
        }
        out += ",";
    }
    const std::string title = std::string(problem.code->id) + ": " + std::string(problem.code->title);
    return out + "title=" + escaped(title, true);
}

} // namespace

std::string render_github(const PlacedReport& report) {
    std::string out;
    for (const PlacedProblem& problem : report.problems) {
        const std::string help = problem.help.empty() ? "" : "\nhelp: " + problem.help;
        out += "::" + std::string(to_string(problem.code->severity)) + " " +
               properties_of(problem, report.folder) + "::" + escaped(problem.message + help, false) + "\n";
    }
    return out;
}

} // namespace birdhouse::ops
