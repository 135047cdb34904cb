#include "ops/diff.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "codec/datafile_project.hpp"
#include "codec/project_diff.hpp"
#include "ops/git_tree.hpp"
#include "ops/lineage.hpp"
#include "ops/stop_signals.hpp"
#include "ops/temporary_folder.hpp"
#include "ops/workspace_session.hpp"

#include <algorithm>
#include <set>

namespace birdhouse::ops {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShownCommit = 7; // digits

constexpr std::string_view kVendorFolder = "vendor";

// No revision of git has a colon behind a name without a path, and no folder wins over it: `./target:x` is
// one.
constexpr std::string_view kTargetPrefix = "target:";
bool is_target(const std::string& state) { return state.starts_with(kTargetPrefix); }

// `vendor/<workspace>/...`: what `tb pull` keeps of datasources that other workspaces share.
void read_vendored(DiffSide& side, const fs::path& folder, const Session& session) {
    std::error_code failure; // a folder that is not there holds nothing
    for (fs::directory_iterator entry(folder / kVendorFolder, failure), end; !failure && entry != end;
         entry.increment(failure)) {
        const Result<std::vector<fs::path>> files = codec::list_datafiles(entry->path());
        if (!files) {
            continue;
        }
        codec::DatafileProject theirs = codec::load_datafiles(
            folder, *files, datafile_options(session.environment), side.open.sources, side.open.problems);
        for (model::Datasource& datasource : theirs.datasources) {
            datasource.name = entry->path().filename().string() + "." + datasource.name;
            side.vendored.push_back(std::move(datasource));
        }
    }
    std::sort(side.vendored.begin(), side.vendored.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
}

void read_into(DiffSide& side, const fs::path& folder, const Session& session) {
    std::error_code ignored; // open_project says what cannot be read
    side.has_config = fs::exists(folder / "birdhouse.yaml", ignored);
    side.open = open_project(folder, datafile_options(session.environment));
    read_vendored(side, folder, session);
}

DiffSide open_folder(const std::string& folder, const Session& session) {
    DiffSide side;
    side.name = folder;
    side.prefix = folder.ends_with('/') ? folder : folder + "/";
    side.folder = folder;
    read_into(side, folder, session);
    return side;
}

// The files go through a folder of their own: a project is read in one way only.
Result<DiffSide> open_revision(const std::string& revision, const Session& session) {
    const std::optional<fs::path> project = find_project(session.folder);
    if (!project) {
        return Error{ExitCode::Usage,
                     backquoted(revision) + " is no folder, and here is no project to read a revision of",
                     "go to a project's folder, or name folders that are there"};
    }
    TRY_ASSIGN(const GitTree tree, read_git_tree(*project, revision, session.environment));
    TRY_ASSIGN(const TemporaryFolder folder, TemporaryFolder::make());
    std::vector<FileText> files;
    for (const TreeFile& file : tree.files) {
        files.push_back({folder.path() / file.path, file.content});
    }
    TRY(write_all_if_changed(files));
    if (!holds_project(folder.path())) {
        return Error{ExitCode::Usage, backquoted(revision) + " holds no project in this folder",
                     "the project may have stood elsewhere then: compare with --from DIR"};
    }
    DiffSide side;
    side.name = revision + " (" + tree.commit.substr(0, kShownCommit) + ")";
    side.commit = tree.commit;
    side.prefix = revision + ":";
    read_into(side, folder.path(), session);
    return side;
}

Result<DiffSide> open_target(const std::string& name, const Session& session) {
    const std::optional<fs::path> project = find_project(session.folder);
    if (!project) {
        return Error{ExitCode::Usage, "here is no project that says what target " + backquoted(name) + " is",
                     "go to a project's folder"};
    }
    TRY_ASSIGN(const model::TargetSettings settings,
               choose_target(open_project(*project).project.config, name));
    if (!is_workspace(settings)) {
        return Error{ExitCode::Usage,
                     "target " + backquoted(settings.name) + " holds tables, and no pipes to compare",
                     "`birdhouse migrate status --drift --target " + settings.name +
                         "` holds its tables against the migrations"};
    }
    const StopSignals signals;
    TRY_ASSIGN(const std::unique_ptr<target::WorkspaceTarget> workspace,
               open_workspace(settings, session, signals.first()));
    TRY(know_workspace(*workspace, settings));
    TRY_ASSIGN(const std::vector<target::WorkspaceFile> files, workspace->pull());
    TRY_ASSIGN(DiffSide side, read_side("target " + settings.name, files, settings, session));
    side.prefix = settings.name + ":";
    return side;
}

// Other files are made of it: what they declare cannot be trusted when it does not read.
bool is_shared(std::string_view path) {
    return path == "birdhouse.yaml" || path.ends_with(".incl") || path.starts_with("datasources/groups/");
}

// The paths of files with problems; an Error when the whole side cannot be trusted.
Result<std::set<std::string>> files_with_problems(const DiffSide& side) {
    std::set<std::string> paths;
    for (const Diagnostic& problem : side.open.problems.all()) {
        if (problem.code->severity != Severity::Error) {
            continue;
        }
        const bool has_place = !problem.labels.empty() && problem.labels.front().span.known();
        const std::string path(has_place ? side.open.sources.path(problem.labels.front().span.source) : "");
        if (path.empty() || is_shared(path)) {
            const std::string what =
                path.empty() ? "what has problems" : backquoted(path) + ", which has problems";
            return Error{ExitCode::Problems, side.name + " cannot be compared: other files depend on " + what,
                         "mend them first"};
        }
        // Migrations and contracts are no part of what is compared.
        if (!path.starts_with("migrations/") && !path.starts_with("pipes/contracts/")) {
            paths.insert(path);
        }
    }
    return paths;
}

template <class Resource>
void erase_from(std::vector<Resource>& resources, const std::set<std::string>& paths,
                const SourceMap& sources) {
    std::erase_if(resources, [&](const Resource& resource) {
        const Span span = resource.origin.span;
        return span.known() && paths.contains(std::string(sources.path(span.source)));
    });
}

void leave_out(DiffSide& side, const std::set<std::string>& paths) {
    model::Project& project = side.open.project;
    erase_from(project.datasources, paths, side.open.sources);
    erase_from(project.pipes, paths, side.open.sources);
    erase_from(project.connections, paths, side.open.sources);
}

// `renamed_from` for those that no definition says.
Result<void> mark_renames(const std::vector<model::ColumnRename>& renames, const model::Project& before,
                          model::Project& after) {
    for (const model::ColumnRename& rename : renames) {
        std::size_t marked = 0;
        for (model::Datasource& datasource : after.datasources) {
            const model::Datasource* old = find_datasource(before, datasource.name);
            const auto column = std::find_if(datasource.columns.begin(), datasource.columns.end(),
                                             [&](const model::Column& one) { return one.name == rename.to; });
            const bool is_meant = rename.datasource.empty() || rename.datasource == datasource.name;
            if (is_meant && old != nullptr && column != datasource.columns.end() &&
                find_column(*old, rename.from) != nullptr && find_column(*old, rename.to) == nullptr &&
                find_column(datasource, rename.from) == nullptr) {
                column->renamed_from = rename.from;
                ++marked;
            }
        }
        const std::string pair = backquoted(rename.from) + " and no " + backquoted(rename.to);
        if (marked == 0) {
            return Error{ExitCode::Usage,
                         "no datasource had a column " + pair +
                             " before, and has it the other "
                             "way round after",
                         "name the columns as the two states have them: --rename OLD=NEW"};
        }
        if (marked > 1) {
            return Error{ExitCode::Usage, "several datasources had a column " + pair,
                         "say which: --rename DATASOURCE.OLD=NEW"};
        }
    }
    return {};
}

// Somebody may read what is there already.
bool may_reach_readers(const model::Change& change) {
    const bool adds = change.kind >= model::ChangeKind::ColumnAdded &&
                      change.kind <= model::ChangeKind::ColumnAddedComputed;
    return change.subject.resource == model::ResourceKind::Datasource && !change.subject.part.empty() &&
           !adds;
}

// The later state with all that the earlier one had: there every column that is read can be found.
model::Project with_columns_of(const model::Project& before, const model::Project& after) {
    model::Project both = after;
    for (const model::Datasource& old : before.datasources) {
        auto same = std::find_if(both.datasources.begin(), both.datasources.end(),
                                 [&](const model::Datasource& one) { return one.name == old.name; });
        if (same == both.datasources.end()) {
            same = both.datasources.insert(same, model::Datasource{});
            same->name = old.name;
            same->engine = old.engine;
        }
        for (const model::Column& column : old.columns) {
            if (model::find_column(*same, column.name) == nullptr) {
                same->columns.push_back(column);
                same->columns.back().origin = {}; // it points into the sources of the earlier state
            }
        }
    }
    return both;
}

std::vector<model::Change> diff_vendored(const DiffSide& before, const DiffSide& after) {
    model::Project theirs_before;
    model::Project theirs_after;
    theirs_before.datasources = before.vendored;
    theirs_after.datasources = after.vendored;
    return codec::diff_projects(theirs_before, theirs_after);
}

Result<codec::ColumnLineage> lineage_of(const model::Project& project, const SourceMap& sources,
                                        const Session& session) {
    Diagnostics ignored; // `check` reports templates that do not render
    const std::vector<codec::RenderedNode> nodes = codec::render_for_checks(project, ignored);
    return find_lineage(project, nodes, sources, session.targets);
}

} // namespace

Result<DiffSide> open_state(const std::string& name, const Session& session) {
    if (is_target(name)) {
        return open_target(name.substr(kTargetPrefix.size()), session);
    }
    std::error_code ignored; // what cannot be looked at is no folder
    if (fs::is_directory(name, ignored)) {
        if (!holds_project(name)) {
            return Error{ExitCode::Usage, backquoted(name) + " holds no birdhouse.yaml and no datafiles",
                         "name the folder of a project, or a git revision"};
        }
        return open_folder(name, session);
    }
    return open_revision(name, session);
}

Result<DiffSide> open_working_folder(const Session& session) {
    const std::optional<fs::path> project = find_project(session.folder);
    if (!project) {
        return Error{ExitCode::Usage, "no birdhouse.yaml here or in a folder above, and no datafiles here",
                     "go to a project's folder, or compare two folders with --from DIR and --to DIR"};
    }
    DiffSide side;
    side.name = "the working folder";
    side.folder = *project;
    read_into(side, *project, session);
    return side;
}

Result<DiffReport> diff_states(const DiffRequest& request, const Session& session) {
    const std::string from = request.from.empty() ? "HEAD" : request.from;
    std::error_code ignored; // what cannot be looked at is no folder
    DiffSide before;
    if (request.from_nothing && fs::is_directory(from, ignored)) {
        before = open_folder(from, session);
    } else {
        TRY_ASSIGN(before, open_state(from, session));
    }
    TRY_ASSIGN(DiffSide after,
               request.to.empty() ? open_working_folder(session) : open_state(request.to, session));
    if (is_target(request.from) || is_target(request.to)) {
        forget_ways(before.open.project);
        forget_ways(after.open.project);
    }
    TRY(mark_renames(request.renames, before.open.project, after.open.project));
    return diff_sides(std::move(before), std::move(after), request.use_engine, session);
}

DiffReport diff_sides(DiffSide before_side, DiffSide after_side, bool use_engine, const Session& session) {
    DiffReport report;
    report.before = std::move(before_side);
    report.after = std::move(after_side);
    std::set<std::string> paths;
    for (const DiffSide* side : {&report.before, &report.after}) {
        Result<std::set<std::string>> more = files_with_problems(*side);
        if (!more) {
            report.refusal = more.error();
            return report;
        }
        paths.merge(*more);
    }
    leave_out(report.before, paths);
    leave_out(report.after, paths);
    report.left_out.assign(paths.begin(), paths.end());
    if (!report.before.has_config || !report.after.has_config) {
        report.before.open.project.config =
            report.after.open.project.config; // one of them is not written down
    }
    const model::Project& before = report.before.open.project;
    const model::Project& after = report.after.open.project;
    std::vector<model::Change> changes = codec::diff_projects(before, after);
    report.drift = diff_vendored(report.before, report.after);
    std::optional<codec::ColumnLineage> lineage;
    const model::Project both = with_columns_of(before, after);
    if (use_engine && std::any_of(changes.begin(), changes.end(), may_reach_readers)) {
        Result<codec::ColumnLineage> found = lineage_of(both, report.after.open.sources, session);
        if (found) {
            lineage = std::move(*found);
        } else {
            report.without_engine = found.error().message;
        }
    }
    report.changes = codec::assess_changes(std::move(changes), before, after, lineage ? &*lineage : nullptr);
    return report;
}

bool has_breaking(const DiffReport& report) {
    return std::any_of(report.changes.begin(), report.changes.end(),
                       [](const codec::AssessedChange& change) { return change.assessment.breaking; });
}

bool has_destructive(const DiffReport& report) {
    return std::any_of(report.changes.begin(), report.changes.end(), [](const codec::AssessedChange& change) {
        return change.assessment.change_class >= model::ChangeClass::Destructive;
    });
}

} // namespace birdhouse::ops
