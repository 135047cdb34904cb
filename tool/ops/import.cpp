#include "ops/import.hpp"

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "codec/connection_file.hpp"
#include "codec/datafile_comments.hpp"
#include "codec/datafile_form.hpp"
#include "codec/datafile_writer.hpp"
#include "codec/datasource_file.hpp"
#include "codec/definition_writer.hpp"
#include "codec/definitions.hpp"
#include "codec/pipe_file.hpp"
#include "codec/yaml_text.hpp"
#include "ops/migrate.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace birdhouse::ops {

namespace fs = std::filesystem;
using codec::collect_comments;
using codec::DefinitionComments;
using syntax::DatafileKind;
using syntax::Dialect;

namespace {

constexpr std::string_view kBaseline = "0001_baseline";

// The first problem of a reading, for people.
std::string first_problem(const Diagnostics& problems) {
    return problems.empty() ? "it would read back otherwise" : problems.all().front().message;
}

std::size_t count_lines(const DefinitionComments& comments) {
    std::size_t lines = comments.head.size() + comments.tail.size();
    for (const auto* map : {&comments.keys, &comments.columns, &comments.nodes}) {
        for (const auto& [name, each] : *map) {
            lines += each.size();
        }
    }
    return lines;
}

// A definition read on its own, and the datafile that would be generated from it read again.
class Proof {
public:
    Proof(Dialect dialect, const std::vector<ImportedFile>& group_files) : dialect_(dialect) {
        for (const ImportedFile& file : group_files) {
            groups_.read(sources_.add(file.path, file.text), sources_, problems_);
        }
        groups_.resolve(sources_, problems_);
    }

    // Empty when the text says the same as the model; else why it does not.
    std::string difference(const std::string& text, const model::Datasource& model) {
        problems_ = {};
        const auto read = codec::read_datasource_definition(add(text), sources_, groups_, problems_);
        if (read.size() != 1 || problems_.has_errors()) {
            return first_problem(problems_);
        }
        const std::string written =
            codec::write_datasource_file(codec::to_datafile_form(read.front(), problems_));
        return verdict(codec::read_datasource_file(add(written), model.name, sources_, problems_, dialect_),
                       model);
    }
    std::string difference(const std::string& text, const model::Pipe& model) {
        problems_ = {};
        const auto read = codec::read_pipe_definition(add(text), sources_, problems_);
        if (read.size() != 1 || problems_.has_errors()) {
            return first_problem(problems_);
        }
        const std::string written = codec::write_pipe_file(codec::to_datafile_form(read.front(), problems_));
        return verdict(codec::read_pipe_file(add(written), model.name, sources_, problems_, dialect_), model);
    }
    std::string difference(const std::string& text, const model::Connection& model) {
        problems_ = {};
        const auto read = codec::read_connection_definition(add(text), sources_, problems_);
        if (!read || problems_.has_errors()) {
            return first_problem(problems_);
        }
        const std::string written = codec::write_connection_file(codec::to_datafile_form(*read, problems_));
        const syntax::Datafile tree =
            parse_datafile(add(written), sources_, DatafileKind::Connection, problems_, dialect_);
        return verdict(codec::read_connection_file(tree, model.name, sources_, problems_), model);
    }

private:
    SourceId add(const std::string& text) { return sources_.add("imported", text); }

    template <class Resource>
    std::string verdict(const std::optional<Resource>& read, const Resource& model) const {
        const bool same =
            read && *read == model && !problems_.has_errors(); // with errors nothing is generated
        return same ? std::string() : first_problem(problems_);
    }

    Dialect dialect_;
    SourceMap sources_;
    Diagnostics problems_;
    codec::ColumnGroups groups_;
};

class Planner {
public:
    Planner(const OpenProject& open, const ImportOptions& options) : open_(open), options_(options) {}

    ImportPlan plan() {
        codec::ProposedGroups proposed = codec::propose_groups(open_.project.datasources);
        std::vector<ImportedFile> group_files;
        if (options_.groups) {
            group_files = write_groups(proposed);
        } else {
            proposed.runs.assign(open_.project.datasources.size(), {});
        }
        Proof proof(open_.sign.dialect, group_files);
        for (std::size_t i = 0; i < open_.project.datasources.size(); ++i) {
            add_datasource(open_.project.datasources[i], proposed.runs[i], proof);
        }
        for (const model::Pipe& pipe : open_.project.pipes) {
            const codec::DatafileSource* file = file_of(DatafileKind::Pipe, pipe.name);
            const DefinitionComments comments =
                file == nullptr ? DefinitionComments{} : collect_comments(file->tree, pipe, open_.sources);
            add("pipes/", ".pipe", pipe, write_pipe_definition(pipe, comments), comments, file, proof,
                plan_.pipes);
        }
        for (const model::Connection& connection : open_.project.connections) {
            const codec::DatafileSource* file = file_of(DatafileKind::Connection, connection.name);
            const DefinitionComments comments =
                file == nullptr ? DefinitionComments{} : collect_comments(file->tree, open_.sources);
            add("connections/", ".connection", connection, write_connection_definition(connection, comments),
                comments, file, proof, plan_.connections);
        }
        plan_.groups = std::move(proposed.groups);
        plan_.groups_written = options_.groups;
        std::ranges::move(group_files, std::back_inserter(plan_.files));
        add_configuration();
        add_baseline();
        std::ranges::sort(plan_.files, {}, &ImportedFile::path);
        return std::move(plan_);
    }

private:
    const codec::DatafileSource* file_of(DatafileKind kind, const std::string& name) const {
        const auto found = std::ranges::find_if(open_.datafiles, [&](const codec::DatafileSource& file) {
            return file.kind == kind && file.name == name;
        });
        return found == open_.datafiles.end() ? nullptr : &*found;
    }

    static std::vector<ImportedFile> write_groups(const codec::ProposedGroups& proposed) {
        std::vector<ImportedFile> files;
        for (const codec::ProposedGroup& group : proposed.groups) {
            files.push_back(
                {"datasources/groups/" + group.name + ".yaml",
                 codec::write_column_group(group.name, "Shared by " + join(group.datasources, ", ") + ".",
                                           group.columns)});
        }
        return files;
    }

    void add_datasource(const model::Datasource& datasource, const std::vector<codec::GroupedRun>& runs,
                        Proof& proof) {
        const codec::DatafileSource* file = file_of(DatafileKind::Datasource, datasource.name);
        const DefinitionComments comments =
            file == nullptr ? DefinitionComments{} : collect_comments(file->tree, datasource, open_.sources);
        add("datasources/", ".datasource", datasource,
            write_datasource_definition(datasource, comments, runs), comments, file, proof,
            plan_.datasources);
    }

    template <class Resource>
    void add(std::string_view folder, std::string_view extension, const Resource& resource,
             std::string definition, const DefinitionComments& comments, const codec::DatafileSource* file,
             Proof& proof, std::size_t& count) {
        const std::string difference = proof.difference(definition, resource);
        if (difference.empty()) {
            plan_.files.push_back({std::string(folder) + resource.name + ".yaml", std::move(definition)});
            plan_.comments += count_lines(comments);
            ++count;
            return;
        }
        kept_.insert(resource.name);
        const std::string path =
            file == nullptr ? resource.name : std::string(open_.sources.path(file->source));
        plan_.kept.push_back({path, difference});
        const bool whole =
            file != nullptr && std::ranges::none_of(file->tree.directives, [](const auto& each) {
                return each.name == "INCLUDE"; // its fragments do not come along
            });
        plan_.files.push_back({std::string(folder) + resource.name + std::string(extension),
                               whole ? std::string(open_.sources.text(file->source)) : written(resource)});
    }

    static std::string written(const model::Datasource& datasource) {
        return codec::write_datasource_file(datasource);
    }
    static std::string written(const model::Pipe& pipe) { return codec::write_pipe_file(pipe); }
    static std::string written(const model::Connection& connection) {
        return codec::write_connection_file(connection);
    }

    void add_configuration() {
        const std::string name = options_.name.empty() ? open_.project.config.name : options_.name;
        const std::string_view generation = open_.sign.dialect == Dialect::Classic ? "classic" : "forward";
        plan_.files.push_back(
            {"birdhouse.yaml", "name: " + codec::write_yaml_text(name) +
                                   "\n\ntargets:\n  local: {kind: embedded, path: "
                                   ".birdhouse/local}\n  cloud: {kind: tinybird, generation: " +
                                   std::string(generation) + "}\ndefault_target: local\n"});
        plan_.files.push_back({".gitignore", "/.birdhouse/\n/.env\n/.tinyb\n/build/\n"});
    }

    // The schema as it stands, as one migration; what no migration can say yet is left out, and said.
    void add_baseline() {
        Diagnostics problems;
        model::Schema schema = declared_schema(open_, problems);
        for (const Diagnostic& problem : problems.all()) {
            plan_.left_out.push_back(problem.message);
        }
        std::erase_if(schema.datasources, [&](const model::Datasource& datasource) {
            const bool kept = kept_.contains(datasource.name);
            if (kept) {
                plan_.left_out.push_back("datasource " + backquoted(datasource.name) +
                                         ", which stays a datafile");
            }
            return kept;
        });
        std::erase_if(schema.views, [&](const model::MaterializedView& view) {
            const bool no_target = model::find_datasource(schema, view.target) == nullptr;
            if (no_target) {
                plan_.left_out.push_back("the view " + backquoted(view.name) + ": its target " +
                                         backquoted(view.target) + " is no datasource of the baseline");
            }
            return no_target;
        });
        model::Migration migration;
        migration.id = kBaseline;
        migration.description = "The schema as it was when the project was imported.";
        for (model::StepAction& action : model::diff({}, schema).steps) {
            migration.steps.push_back({std::move(action), {}});
        }
        const std::string text = codec::write_migration(migration);
        migration.checksum = sha256(text);
        plan_.files.push_back({"migrations/" + std::string(kBaseline) + ".yaml", text});
        plan_.files.push_back({"migrations/birdhouse.sum", write_sum(std::span(&migration, 1))});
    }

    const OpenProject& open_;
    const ImportOptions& options_;
    ImportPlan plan_;
    std::set<std::string, std::less<>> kept_;
};

template <class Named>
void compare_all(const std::vector<Named>& before, const std::vector<Named>& after, std::string_view noun,
                 std::vector<std::string>& different) {
    for (const Named& each : before) {
        const auto found = std::ranges::find(after, each.name, &Named::name);
        if (found == after.end() || !(*found == each)) {
            different.push_back(std::string(noun) + " " + backquoted(each.name));
        }
    }
    for (const Named& each : after) {
        if (std::ranges::find(before, each.name, &Named::name) == before.end()) {
            different.push_back(std::string(noun) + " " + backquoted(each.name));
        }
    }
}

} // namespace

ImportPlan plan_import(const OpenProject& open, const ImportOptions& options) {
    return Planner(open, options).plan();
}

Result<void> write_import(const ImportPlan& plan, const fs::path& folder) {
    if (holds_project(folder)) {
        return Error{ExitCode::Refused, backquoted(folder.string()) + " holds a project already",
                     "name a new folder; the old project stays as it is"};
    }
    std::vector<FileText> files;
    for (const ImportedFile& file : plan.files) {
        std::error_code ignored; // what cannot be looked at fails when it is written
        const fs::path path = folder / file.path;
        const bool differs =
            fs::exists(path, ignored) && read_file(path).ok() && *read_file(path) != file.text;
        if (differs) {
            return Error{ExitCode::Refused, backquoted(path.string()) + " exists with another text",
                         "name a new folder, or move the file away"};
        }
        files.push_back({path, file.text});
    }
    return write_all_if_changed(files);
}

std::vector<std::string> compare_models(const model::Project& before, const model::Project& after) {
    std::vector<std::string> different;
    compare_all(before.datasources, after.datasources, "datasource", different);
    compare_all(before.pipes, after.pipes, "pipe", different);
    compare_all(before.connections, after.connections, "connection", different);
    return different;
}

} // namespace birdhouse::ops
