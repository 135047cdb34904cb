#include "ops/pipe_bump.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "codec/contract_file.hpp"
#include "codec/definition_version.hpp"
#include "codec/definitions.hpp"
#include "codec/pipe_diff.hpp"
#include "codec/pipe_file.hpp"
#include "ops/contract_check.hpp"
#include "ops/git_tree.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::ops {

namespace fs = std::filesystem;
using model::Pipe;
using model::PipeVersion;

namespace {

std::string shown(const PipeVersion& version) {
    return "version " + std::to_string(version.number) + " of " + backquoted(printable(version.name));
}

Result<const Pipe*> find_latest(const model::Project& project, const std::string& name) {
    const Pipe* latest = nullptr;
    const Pipe* exact = model::find_pipe(project, name);
    const std::string family = exact == nullptr ? name : model::version_of(*exact).name;
    for (const Pipe& pipe : project.pipes) {
        const PipeVersion version = model::version_of(pipe);
        if (version.name == family && (latest == nullptr || model::version_of(*latest) < version)) {
            latest = &pipe;
        }
    }
    if (latest == nullptr) {
        return Error{ExitCode::Usage, "no pipe is called " + backquoted(printable(name)),
                     "`birdhouse pipe list` names them"};
    }
    if (exact != nullptr && exact != latest && name != family) {
        return Error{ExitCode::Usage,
                     backquoted(name) + " is not the latest: " + backquoted(latest->name) + " is",
                     "bump that one"};
    }
    return latest;
}

// What keeps a pipe from having a next version at all.
Result<void> check_can_be_bumped(const OpenProject& open, const Pipe& pipe) {
    if (codec::type_of(pipe) != model::NodeType::Endpoint) {
        return Error{ExitCode::Usage, "pipe " + backquoted(pipe.name) + " is no endpoint",
                     "a version is for those who call it: change other pipes in place"};
    }
    if (pipe.classic_version) {
        return Error{ExitCode::Usage,
                     "pipe " + backquoted(pipe.name) + " has a VERSION, which is Classic's own",
                     "raise the number in its file: Classic publishes the new version beside the old one"};
    }
    const SourceId source = pipe.origin.span.source;
    const auto of_the_file = std::count_if(open.project.pipes.begin(), open.project.pipes.end(),
                                           [&](const Pipe& one) { return one.origin.span.source == source; });
    if (of_the_file > 1) {
        return Error{ExitCode::Usage,
                     backquoted(pipe.name) + " is one of " + std::to_string(of_the_file) +
                         " pipes that a `for_each` in " + backquoted(open.sources.path(source)) + " makes",
                     "give it a definition of its own first"};
    }
    return {};
}

Result<std::string> text_at(const std::string& revision, const std::string& path, const Session& session) {
    TRY_ASSIGN(const GitTree tree, read_git_tree(session.folder, revision, session.environment));
    const auto found = std::find_if(tree.files.begin(), tree.files.end(),
                                    [&](const TreeFile& file) { return file.path == path; });
    if (found == tree.files.end()) {
        return Error{ExitCode::Usage, backquoted(revision) + " holds no " + backquoted(path),
                     "give a revision in which the old version stood there"};
    }
    return found->content;
}

bool is_definition_path(std::string_view path) { return path.ends_with(".yaml"); }

// The pipe that a text makes when it stands at the path.
std::optional<Pipe> read_text(const std::string& path, std::string text, const std::string& name,
                              OpenProject& open, Diagnostics& problems) {
    const SourceId source = open.sources.add(path, std::move(text));
    if (!is_definition_path(path)) {
        return codec::read_pipe_file(source, name, open.sources, problems, open.sign.dialect);
    }
    const std::vector<Pipe> pipes = codec::read_pipe_definition(source, open.sources, problems);
    return pipes.size() == 1 ? std::optional(pipes.front()) : std::nullopt;
}

// True when nothing that the contract promises is missing from the old text.
bool keeps(const model::Contract& recorded, const Pipe& old, Diagnostics& problems) {
    bool kept = true;
    for (const model::Change& change : changes_since(recorded, present_contract(old, {}), old.name)) {
        if (is_break(change)) {
            kept = false;
            report_change(change, recorded, old, "the version that is kept must be the one that was promised",
                          problems);
        }
    }
    return kept;
}

Result<const model::Contract*> contract_of(const OpenProject& open, const Pipe& pipe) {
    const PipeVersion version = model::version_of(pipe);
    const model::Contract* recorded = model::find_contract(open.contracts, version);
    if (recorded != nullptr) {
        return recorded;
    }
    return Error{ExitCode::Problems, "no contract is recorded of " + shown(version),
                 "while the pipe is as its consumers know it: " +
                     backquoted("birdhouse pipe record " + pipe.name)};
}

// In a project of definitions the new text stays where the old one was; a datafile is published under its
// file's name, so that there the old one stays.
void place_files(BumpPlan& plan, const std::string& path) {
    const fs::path file(path);
    if (plan.is_definition) {
        const std::string kept =
            file.stem().string() + ".v" + std::to_string(plan.old_version.number) + ".yaml";
        plan.kept.path = (file.parent_path() / kept).generic_string();
        plan.begun.path = path;
    } else {
        plan.kept.path = path;
        plan.begun.path =
            (file.parent_path() / (published_name(plan.new_version) + ".pipe")).generic_string();
    }
}

Result<void> refuse_taken(const BumpPlan& plan, const fs::path& folder) {
    const std::string& path = plan.is_definition ? plan.kept.path : plan.begun.path;
    std::error_code ignored; // what cannot be looked at cannot be written either, and that is told then
    if (fs::exists(folder / path, ignored)) {
        return Error{ExitCode::Refused, backquoted(path) + " is there already", "move it away first"};
    }
    return {};
}

// The old text must be what its consumers were promised.
Result<void> check_kept(const BumpPlan& plan, const Pipe& pipe, const model::Contract& recorded,
                        const std::string& revision, OpenProject& open, Diagnostics& problems) {
    const std::string where = revision.empty() ? "" : " of " + backquoted(revision);
    // Fragments are not read at a revision, and a text without its fragments cannot be judged.
    const bool is_whole = plan.is_definition || plan.kept.text.find("INCLUDE") == std::string::npos;
    if (!revision.empty() && !is_whole) {
        return {};
    }
    const std::string& path = plan.is_definition ? plan.begun.path : plan.kept.path;
    const std::optional<Pipe> old =
        revision.empty() ? std::optional(pipe) : read_text(path, plan.kept.text, pipe.name, open, problems);
    if (!old || old->name != pipe.name) {
        return Error{ExitCode::Problems, backquoted(path) + where + " holds no " + shown(plan.old_version),
                     "give a revision that does: `--from REVISION`"};
    }
    if (keeps(recorded, *old, problems)) {
        return {};
    }
    return Error{ExitCode::Refused,
                 "pipe " + backquoted(pipe.name) + where + " is not " + shown(plan.old_version) + " any more",
                 "give a git revision that holds it, such as `--from HEAD`"};
}

// The new file gives the pipe as it was, under its new name.
bool is_begun(const BumpPlan& plan, const Pipe& before, OpenProject& open) {
    if (!plan.is_definition) {
        return true; // the same bytes
    }
    Diagnostics ignored; // the text read before a number in it was changed
    const std::optional<Pipe> begun =
        read_text(plan.begun.path, plan.begun.text, published_name(plan.new_version), open, ignored);
    return begun && begun->nodes == before.nodes && begun->name == published_name(plan.new_version);
}

} // namespace

Result<BumpPlan> plan_bump(OpenProject& open, const Session& session, const BumpRequest& request,
                           Diagnostics& problems) {
    TRY_ASSIGN(const Pipe* pipe, find_latest(open.project, request.name));
    TRY(check_can_be_bumped(open, *pipe));
    TRY_ASSIGN(const model::Contract* recorded, contract_of(open, *pipe));
    const SourceId source = pipe->origin.span.source;
    const std::string path(open.sources.path(source));
    BumpPlan plan;
    plan.old_version = model::version_of(*pipe);
    plan.new_version = {plan.old_version.name, plan.old_version.number + 1};
    plan.deprecated = request.deprecated;
    plan.is_definition = is_definition_path(path);
    place_files(plan, path);
    TRY(refuse_taken(plan, session.folder));
    plan.kept.text = open.sources.text(source);
    if (!request.from.empty()) {
        TRY_ASSIGN(plan.kept.text, text_at(request.from, path, session));
    }
    TRY(check_kept(plan, *pipe, *recorded, request.from, open, problems));
    plan.begun.text = plan.is_definition
                          ? codec::with_version(source, open.sources, plan.new_version.number).value_or("")
                          : std::string(open.sources.text(source));
    if (!is_begun(plan, *pipe, open)) {
        return Error{ExitCode::Problems, "no version can be written into " + backquoted(path),
                     "write " + backquoted("version: " + std::to_string(plan.old_version.number)) +
                         " in a line of its own, below `pipe:`, and run this again"};
    }
    model::Contract contract = *recorded;
    contract.deprecated = request.deprecated;
    plan.contract = {model::contract_path(plan.old_version), codec::write_contract(contract)};
    return plan;
}

Result<void> write_bump(const BumpPlan& plan, const fs::path& folder) {
    const std::array<FileText, 3> files = {{{folder / plan.kept.path, plan.kept.text},
                                            {folder / plan.begun.path, plan.begun.text},
                                            {folder / plan.contract.path, plan.contract.text}}};
    return write_all_if_changed(files);
}

} // namespace birdhouse::ops
