// Runs every project of a corpus through the program's readers and writers and prints the figures as one line
// of JSON; what they mean is said in run.sh. Each project is examined in a process of its own, so that a
// crash costs one project, and is then looked for file by file.
#include "examination.hpp"
#include "known_false.hpp"
#include "projects.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using namespace birdhouse::corpus;
using Json = nlohmann::ordered_json;

constexpr unsigned kLongestSeconds = 120; // for one project; what takes longer counts as a crash

struct Arguments {
    fs::path corpus, errors, files, known_false;
    std::optional<birdhouse::syntax::Dialect> dialect;
};

// Where the word behind an option goes; null for a word that is none.
fs::path* place_of(std::string_view option, Arguments& arguments) {
    return option == "--errors"        ? &arguments.errors
           : option == "--files"       ? &arguments.files
           : option == "--known-false" ? &arguments.known_false
                                       : nullptr;
}

std::optional<Arguments> read_arguments(int count, char** words) {
    using birdhouse::syntax::Dialect;
    Arguments arguments;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        fs::path* const place = place_of(word, arguments);
        if (place != nullptr && i + 1 < count) {
            *place = words[++i];
        } else if (word == "--forward" || word == "--classic") {
            arguments.dialect = word == "--forward" ? Dialect::Forward : Dialect::Classic;
        } else if (arguments.corpus.empty() && fs::is_directory(word)) {
            arguments.corpus = fs::canonical(word);
        } else {
            return std::nullopt;
        }
    }
    return arguments.corpus.empty() ? std::nullopt : std::optional(arguments);
}

Json to_json(const Figures& figures) {
    Json json = {{"files", figures.files},
                 {"parsed", figures.parsed},
                 {"stable", figures.stable},
                 {"equal", figures.model_equal},
                 {"kept", figures.kept},
                 {"of_other_times", figures.of_other_times},
                 {"classic", figures.classic},
                 {"warnings", figures.warnings},
                 {"crashes", figures.crashes},
                 {"kinds", figures.kinds},
                 {"warning_codes", figures.warning_codes},
                 {"misses", figures.misses},
                 {"read_as", figures.read_as},
                 {"errors", Json::array()}};
    for (const Problem& error : figures.errors) {
        json["errors"].push_back({error.place, error.code, error.message, error.line});
    }
    return json;
}

Figures from_json(const Json& json) {
    Figures figures;
    figures.files = json["files"];
    figures.parsed = json["parsed"];
    figures.stable = json["stable"];
    figures.model_equal = json["equal"];
    figures.kept = json["kept"];
    figures.of_other_times = json["of_other_times"];
    figures.classic = json["classic"];
    figures.warnings = json["warnings"];
    figures.crashes = json["crashes"];
    figures.kinds = json["kinds"].get<std::map<std::string, std::size_t>>();
    figures.warning_codes = json["warning_codes"].get<std::map<std::string, std::size_t>>();
    figures.misses = json["misses"];
    figures.read_as = json["read_as"];
    for (const Json& error : json["errors"]) {
        figures.errors.push_back({error[0], error[1], error[2], error[3]});
    }
    return figures;
}

// A folder of our own below the system's temporary one, gone with the object.
class WorkFolder {
public:
    WorkFolder() {
        std::string pattern = (fs::temp_directory_path() / "birdhouse-corpus-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data()) != nullptr ? fs::path(pattern) : fs::path();
    }
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;
    ~WorkFolder() {
        std::error_code ignored; // nothing to do about it at the end
        fs::remove_all(path_, ignored);
    }
    // Emptied first. Folders may be made beside the one that is returned.
    fs::path fresh() const {
        fs::remove_all(path_);
        fs::create_directories(path_ / "project");
        return path_ / "project";
    }

private:
    fs::path path_;
};

int examine_in_child(const CorpusProject& project, const Setting& setting, int out) {
    std::string text;
    try {
        text = to_json(examine(project, setting)).dump(-1, ' ', false, Json::error_handler_t::replace);
    } catch (const std::exception& exception) {
        std::cerr << project.root.string() << ": exception: " << exception.what() << '\n';
        return 1;
    }
    for (std::string_view left = text; !left.empty();) {
        const ssize_t written = ::write(out, left.data(), left.size());
        if (written <= 0) {
            return 1;
        }
        left.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

// Nothing when the child did not come home.
std::optional<Figures> examine_apart(const CorpusProject& project, const Arguments& arguments,
                                     const WorkFolder& work) {
    const Setting setting{arguments.corpus, work.fresh(), arguments.dialect};
    int ends[2];
    if (::pipe(ends) != 0) {
        return std::nullopt;
    }
    std::cout.flush();
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        ::alarm(kLongestSeconds);
        ::_exit(examine_in_child(project, setting, ends[1]));
    }
    ::close(ends[1]);
    std::string text;
    char buffer[65536];
    for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
        text.append(buffer, static_cast<std::size_t>(got));
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (child < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return std::nullopt;
    }
    return from_json(Json::parse(text));
}

Figures examine_project(const CorpusProject& project, const Arguments& arguments, const WorkFolder& work) {
    if (std::optional<Figures> whole = examine_apart(project, arguments, work)) {
        return std::move(*whole);
    }
    Figures sum;
    for (const ProjectFile& file : project.files) {
        const CorpusProject alone{project.root, {file}, project.others, project.of_history};
        if (const std::optional<Figures> figures = examine_apart(alone, arguments, work)) {
            sum.add(*figures);
        } else {
            ++sum.files;
            ++sum.crashes;
            sum.misses.push_back("crash " + file.path.string());
        }
    }
    if (sum.crashes == 0) {
        ++sum.crashes;
        sum.misses.push_back("crash " + project.root.string() + ", as a whole");
    }
    return sum;
}

std::size_t report_errors(const Figures& sum, const std::vector<KnownFalse>& known, std::ostream* errors) {
    std::size_t listed = 0;
    for (const Problem& error : sum.errors) {
        const KnownFalse* row = find_known_false(known, error);
        listed += row == nullptr ? 0 : 1;
        if (errors != nullptr) {
            *errors << error.place << ' ' << error.code << ' ' << error.message
                    << (row == nullptr ? "" : "  [known to be false: " + row->reason + "]") << '\n';
        }
    }
    return listed;
}

std::map<std::string, std::size_t> count_codes(const std::vector<Problem>& problems) {
    std::map<std::string, std::size_t> counts;
    for (const Problem& problem : problems) {
        ++counts[problem.code];
    }
    return counts;
}

int run(const Arguments& arguments) {
    const std::vector<KnownFalse> known = read_known_false(arguments.known_false);
    const auto start = std::chrono::steady_clock::now();
    const WorkFolder work;
    Figures sum;
    std::size_t projects = 0;
    for (const CorpusProject& project : find_projects(arguments.corpus)) {
        sum.add(examine_project(project, arguments, work));
        ++projects;
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::ofstream errors;
    if (!arguments.errors.empty()) {
        errors.open(arguments.errors);
    }
    const std::size_t listed = report_errors(sum, known, errors.is_open() ? &errors : nullptr);
    if (!arguments.files.empty()) {
        std::ofstream files(arguments.files);
        std::ranges::copy(sum.read_as, std::ostream_iterator<std::string>(files, "\n"));
    }
    for (const std::string& miss : sum.misses) {
        std::cerr << miss << '\n';
    }
    std::cout << Json{{"files", sum.files},
                      {"parsed", sum.parsed},
                      {"stable", sum.stable},
                      {"model_equal", sum.model_equal},
                      {"false_errors_listed", listed},
                      {"crashes", sum.crashes},
                      {"seconds", seconds},
                      {"projects", projects},
                      {"classic", sum.classic},
                      {"kept", sum.kept},
                      {"of_other_times", sum.of_other_times},
                      {"errors", sum.errors.size()},
                      {"warnings", sum.warnings},
                      {"error_codes", count_codes(sum.errors)},
                      {"warning_codes", sum.warning_codes},
                      {"kinds", sum.kinds}}
                     .dump()
              << '\n';
    const bool whole = sum.files == sum.parsed && sum.files == sum.stable && sum.files == sum.model_equal;
    return whole && listed == 0 && sum.crashes == 0 ? 0 : 1;
}

} // namespace

int main(int count, char** words) {
    const std::optional<Arguments> arguments = read_arguments(count, words);
    if (!arguments) {
        std::cerr << "usage: corpus_runner FOLDER [--errors FILE] [--files FILE] [--known-false FILE] "
                     "[--forward|--classic]\n";
        return 2;
    }
    try {
        return run(*arguments);
    } catch (const std::exception& exception) {
        std::cerr << "corpus: " << exception.what() << '\n';
        return 3;
    }
}
