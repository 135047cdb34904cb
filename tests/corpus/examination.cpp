#include "examination.hpp"

#include "base/text.hpp"
#include "codec/connection_file.hpp"
#include "codec/datafile_writer.hpp"
#include "codec/datasource_file.hpp"
#include "codec/pipe_file.hpp"
#include "ops/check.hpp"
#include "ops/project.hpp"
#include "regeneration.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace birdhouse::corpus {

namespace fs = std::filesystem;
using codec::DatafileSource;
using syntax::DatafileKind;
using syntax::Dialect;

namespace {

// The model of one datafile, of whichever kind.
struct Resource {
    std::optional<model::Datasource> datasource;
    std::optional<model::Pipe> pipe;
    std::optional<model::Connection> connection;

    friend bool operator==(const Resource&, const Resource&) = default;
    bool known() const { return datasource || pipe || connection; }
};

std::string write(const Resource& resource) {
    return resource.datasource ? codec::write_datasource_file(*resource.datasource)
           : resource.pipe     ? codec::write_pipe_file(*resource.pipe)
                               : codec::write_connection_file(*resource.connection);
}

Resource read(const std::string& text, const DatafileSource& as, Dialect dialect) {
    SourceMap sources;
    Diagnostics ignored; // what the first reading reports is reported once
    const syntax::Datafile tree = parse_datafile(sources.add("x", text), sources, as.kind, ignored, dialect);
    Resource resource;
    if (as.kind == DatafileKind::Datasource) {
        resource.datasource = codec::read_datasource_file(tree, as.name, sources, ignored);
    } else if (as.kind == DatafileKind::Pipe) {
        resource.pipe = codec::read_pipe_file(tree, as.name, sources, ignored);
    } else {
        resource.connection = codec::read_connection_file(tree, as.name, sources, ignored);
    }
    return resource;
}

template <class Named>
std::optional<Named> find_named(const std::vector<Named>& all, std::string_view name) {
    const auto found = std::ranges::find(all, name, &Named::name);
    return found == all.end() ? std::nullopt : std::optional(*found);
}

Resource resource_like(const Resource& other, const model::Project& project) {
    return {other.datasource ? find_named(project.datasources, other.datasource->name) : std::nullopt,
            other.pipe ? find_named(project.pipes, other.pipe->name) : std::nullopt,
            other.connection ? find_named(project.connections, other.connection->name) : std::nullopt};
}

template <class Named>
std::optional<Named> find_read_from(const std::vector<Named>& all, SourceId source) {
    const auto found =
        std::ranges::find_if(all, [&](const Named& each) { return each.origin.span.source == source; });
    return found == all.end() ? std::nullopt : std::optional(*found);
}

Resource resource_of(const ops::OpenProject& open, SourceId source) {
    return {find_read_from(open.project.datasources, source), find_read_from(open.project.pipes, source),
            find_read_from(open.project.connections, source)};
}

bool is_lossless(const DatafileSource& file, const SourceMap& sources, Dialect dialect) {
    Diagnostics ignored;
    const syntax::Datafile tree = parse_datafile(file.source, sources, file.kind, ignored, dialect);
    std::string joined;
    for (const syntax::DatafileLine& line : tree.lines) {
        joined += sources.slice(line.span);
    }
    return joined == sources.text(file.source);
}

// Problems that other files of the project could settle: names that lead nowhere, targets that have other
// columns, what nothing reads.
bool is_about_others(const Code& code) {
    constexpr auto kCodes = std::to_array<std::string_view>(
        {"F032", "F320", "F321", "F322", "F323", "F324", "F325", "F326", "T056"});
    return std::ranges::find(kCodes, code.id) != kCodes.end();
}

class Examination {
public:
    Examination(const CorpusProject& project, const Setting& setting)
        : setting_(setting), root_(project.root), of_history_(project.of_history) {
        for (const std::vector<ProjectFile>* files : {&project.files, &project.others}) {
            for (const ProjectFile& file : *files) {
                fs::create_directories((setting.work / file.place).parent_path());
                fs::copy_file(file.path, setting.work / file.place);
                origins_.emplace(file.place, file.path);
            }
        }
        figures_.files = project.files.size();
    }

    Figures run() {
        codec::DatafileOptions options;
        options.dialect = setting_.dialect;
        const ops::OpenProject open = ops::open_project(setting_.work, options);
        figures_.classic = open.sign.dialect == Dialect::Classic ? 1 : 0;
        keep_problems(ops::check_project(open, nullptr, Date{}).problems, open.sources);
        for (const DatafileSource& file : open.datafiles) {
            examine_file(open, file);
        }
        check_import(open);
        return std::move(figures_);
    }

private:
    std::string shown(std::string_view place) const {
        const auto found = origins_.find(place);
        return found == origins_.end() ? std::string(place)
                                       : found->second.lexically_relative(setting_.corpus).generic_string();
    }

    void keep_problems(const Diagnostics& problems, const SourceMap& sources) {
        for (const Diagnostic& diagnostic : problems.sorted(sources)) {
            if (of_history_ && is_about_others(*diagnostic.code)) {
                ++figures_.of_other_times;
            } else if (diagnostic.code->severity == Severity::Error) {
                figures_.errors.push_back(problem_of(diagnostic, sources));
            } else {
                ++figures_.warnings;
                ++figures_.warning_codes[std::string(diagnostic.code->id)];
            }
        }
    }

    Problem problem_of(const Diagnostic& diagnostic, const SourceMap& sources) const {
        Problem problem{{}, std::string(diagnostic.code->id), diagnostic.message, {}};
        if (!diagnostic.labels.empty()) {
            const Span span = diagnostic.labels.front().span;
            const LineColumn at = sources.locate(span.source, span.begin);
            problem.place = shown(sources.path(span.source)) + ":" + std::to_string(at.line) + ":" +
                            std::to_string(at.column);
            problem.line = sources.line(span.source, at.line);
        }
        return problem;
    }

    void examine_file(const ops::OpenProject& open, const DatafileSource& file) {
        const std::string place = shown(open.sources.path(file.source));
        const Dialect dialect = open.sign.dialect;
        ++figures_.kinds[std::string(to_string(file.kind))];
        figures_.read_as.push_back(place + " " + std::string(to_string(dialect)));
        const Resource resource = resource_of(open, file.source);
        if (!is_lossless(file, open.sources, dialect)) {
            figures_.misses.push_back("unparsed " + place + ": its tree is not its text");
            return;
        }
        if (file.kind == DatafileKind::Include) {
            ++figures_.parsed; // it has no model of its own: it is a part of those that include it
            ++figures_.stable;
            return;
        }
        if (!resource.known()) {
            if (has_error(open, file.source)) {
                ++figures_.parsed;
                ++figures_.stable; // nothing to write
            } else {
                figures_.misses.push_back("unparsed " + place + ": neither a model nor an error");
            }
            return;
        }
        ++figures_.parsed;
        check_stable(resource, file, dialect, place);
    }

    void check_stable(const Resource& resource, const DatafileSource& file, Dialect dialect,
                      const std::string& place) {
        const std::string text = write(resource);
        const Resource again = read(text, file, dialect);
        const std::string second = again.known() ? write(again) : "";
        if (second != text) {
            figures_.misses.push_back("unstable " + place + ": " + first_difference(text, second));
        } else if (!(again == resource)) {
            figures_.misses.push_back("unstable " + place + ": read(write(m)) is not m");
        } else {
            ++figures_.stable;
        }
    }

    // With column groups and without: what is imported must say the same either way.
    void check_import(const ops::OpenProject& open) {
        const Regenerated plain = regenerate(open, setting_.work / "../imported", false);
        const Regenerated grouped = regenerate(open, setting_.work / "../grouped", true);
        figures_.kept = plain.kept;
        for (const Regenerated* each : {&plain, &grouped}) {
            if (!each->failure.empty()) {
                figures_.misses.push_back("unequal " + shown_root() +
                                          ", the whole project: " + each->failure);
            }
        }
        std::size_t equal = 0, others = 0;
        for (const DatafileSource& file : open.datafiles) {
            const Resource resource = resource_of(open, file.source);
            others += file.kind == DatafileKind::Include ? 1 : 0;
            if (file.kind == DatafileKind::Include) {
                continue;
            }
            if (resource == resource_like(resource, plain.project) &&
                resource == resource_like(resource, grouped.project)) {
                ++equal;
            } else if (plain.failure.empty() && grouped.failure.empty()) {
                figures_.misses.push_back("unequal " + shown(open.sources.path(file.source)));
            }
        }
        // A fragment is a part of those that include it: it came along when they all did.
        const bool all = equal + others == open.datafiles.size();
        figures_.model_equal = equal + (all ? others : 0);
    }

    std::string shown_root() const { return root_.lexically_relative(setting_.corpus).generic_string(); }

    static std::string first_difference(std::string_view a, std::string_view b) {
        const std::vector<std::string_view> first = split(a, '\n');
        const std::vector<std::string_view> second = split(b, '\n');
        const auto [left, right] = std::ranges::mismatch(first, second);
        return printable(left == first.end() ? "(end)" : *left) + " became " +
               printable(right == second.end() ? "(end)" : *right);
    }

    static bool has_error(const ops::OpenProject& open, SourceId source) {
        return std::ranges::any_of(open.problems.all(), [&](const Diagnostic& each) {
            return each.code->severity == Severity::Error && !each.labels.empty() &&
                   each.labels.front().span.source == source;
        });
    }

    const Setting& setting_;
    fs::path root_;
    bool of_history_;
    std::map<std::string, fs::path, std::less<>> origins_; // by place in the project
    Figures figures_;
};

} // namespace

void Figures::add(const Figures& other) {
    files += other.files;
    parsed += other.parsed;
    stable += other.stable;
    model_equal += other.model_equal;
    kept += other.kept;
    of_other_times += other.of_other_times;
    warnings += other.warnings;
    crashes += other.crashes;
    classic += other.classic;
    for (const auto& [kind, count] : other.kinds) {
        kinds[kind] += count;
    }
    for (const auto& [code, count] : other.warning_codes) {
        warning_codes[code] += count;
    }
    errors.insert(errors.end(), other.errors.begin(), other.errors.end());
    misses.insert(misses.end(), other.misses.begin(), other.misses.end());
    read_as.insert(read_as.end(), other.read_as.begin(), other.read_as.end());
}

Figures examine(const CorpusProject& project, const Setting& setting) {
    return Examination(project, setting).run();
}

} // namespace birdhouse::corpus
