#include "ops/contract_record.hpp"

#include "base/codes.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "codec/contract_file.hpp"
#include "codec/pipe_diff.hpp"
#include "ops/contract_check.hpp"
#include "ops/line_diff.hpp"

#include <algorithm>
#include <utility>

namespace birdhouse::ops {

namespace fs = std::filesystem;
using model::Contract;
using model::Pipe;

namespace {

bool is_endpoint(const Pipe& pipe) { return codec::type_of(pipe) == model::NodeType::Endpoint; }

Error no_endpoint(const model::Project& project, const std::string& name) {
    if (model::find_pipe(project, name) != nullptr) {
        return {ExitCode::Usage, "pipe " + backquoted(name) + " is no endpoint",
                "only what is called from outside has a contract"};
    }
    std::vector<std::string_view> names;
    for (const Pipe& pipe : project.pipes) {
        names.push_back(pipe.name);
    }
    const std::optional<std::string> near = nearest(name, names);
    return {ExitCode::Usage, "no pipe is called " + backquoted(printable(name)),
            near ? "did you mean " + backquoted(*near) + "?" : "`birdhouse pipe list` names them"};
}

// One contract as it is on disk and as it should be.
struct Draft {
    const Pipe* pipe = nullptr;
    Contract contract;
    const Contract* recorded = nullptr; // null: there is none yet
};

bool is_told(const Pipe& pipe, const std::vector<EndpointOutput>& outputs) {
    return std::any_of(outputs.begin(), outputs.end(),
                       [&](const EndpointOutput& output) { return output.pipe == &pipe; });
}

std::vector<Draft> draft_all(const std::vector<const Pipe*>& endpoints, const OpenProject& open,
                             const std::vector<EndpointOutput>& outputs, Diagnostics& problems) {
    std::vector<Draft> drafts;
    for (const Pipe* pipe : endpoints) {
        if (!is_told(*pipe, outputs)) {
            problems.add(codes::F383, pipe->origin.span,
                         "the engine cannot tell here what " + backquoted(pipe->name) +
                             " returns: no contract is recorded of it",
                         "`birdhouse check` says why");
            continue;
        }
        Draft draft{pipe, present_contract(*pipe, outputs), nullptr};
        draft.recorded = model::find_contract(open.contracts, draft.contract.version);
        if (draft.recorded != nullptr) {
            draft.contract.deprecated = draft.recorded->deprecated;
        }
        drafts.push_back(std::move(draft));
    }
    return drafts;
}

// True when a promise is broken; each break is reported.
bool report_breaks(const Draft& draft, Diagnostics& problems) {
    if (draft.recorded == nullptr) {
        return false;
    }
    bool breaks = false;
    for (const model::Change& change : changes_since(*draft.recorded, draft.contract, draft.pipe->name)) {
        if (is_break(change)) {
            breaks = true;
            report_change(change, *draft.recorded, *draft.pipe,
                          "begin the next version: " +
                              backquoted("birdhouse pipe bump " + draft.pipe->name + " --from HEAD") +
                              "; when nobody calls it yet, record it with --accept-breaking",
                          problems);
        }
    }
    return breaks;
}

GeneratedFile compare(const std::string& path, const std::string& present, const std::string& wanted,
                      GenerateMode mode) {
    GeneratedFile file{path, FileChange::Changed, {}};
    if (present == wanted) {
        file.change = FileChange::Unchanged;
    } else if (present.empty()) {
        file.change = FileChange::Created;
    }
    if (mode == GenerateMode::Check && present != wanted) {
        file.difference = unified_diff(present, wanted, present.empty() ? "/dev/null" : path, path);
    }
    return file;
}

Result<void> settle(const std::vector<Draft>& drafts, const OpenProject& open, const fs::path& folder,
                    RecordReport& report) {
    std::vector<std::pair<fs::path, std::string>> texts;
    for (const Draft& draft : drafts) {
        const std::string path = model::contract_path(draft.contract.version);
        const std::string present = draft.recorded == nullptr
                                        ? ""
                                        : std::string(open.sources.text(draft.recorded->origin.span.source));
        texts.emplace_back(folder / path, codec::write_contract(draft.contract));
        report.files.push_back(compare(path, present, texts.back().second, report.mode));
    }
    std::ranges::sort(report.files, {}, &GeneratedFile::path);
    if (report.mode == GenerateMode::Check) {
        return {};
    }
    std::vector<FileText> files;
    for (const auto& [path, text] : texts) {
        files.push_back({path, text});
    }
    return write_all_if_changed(files);
}

} // namespace

bool RecordReport::out_of_date() const {
    return std::any_of(files.begin(), files.end(),
                       [](const GeneratedFile& file) { return file.change != FileChange::Unchanged; });
}

Result<std::vector<const Pipe*>> choose_endpoints(const model::Project& project,
                                                  const std::vector<std::string>& names) {
    std::vector<const Pipe*> chosen;
    std::vector<bool> met(names.size());
    for (const Pipe& pipe : project.pipes) {
        bool is_meant = names.empty();
        for (std::size_t i = 0; i < names.size() && is_endpoint(pipe); ++i) {
            if (names[i] == pipe.name || names[i] == model::version_of(pipe).name) {
                met[i] = true;
                is_meant = true;
            }
        }
        if (is_meant && is_endpoint(pipe)) {
            chosen.push_back(&pipe);
        }
    }
    const auto missing = std::find(met.begin(), met.end(), false);
    if (missing != met.end()) {
        return no_endpoint(project, names[static_cast<std::size_t>(missing - met.begin())]);
    }
    return chosen;
}

Result<RecordReport> record_contracts(const OpenProject& open, const fs::path& folder,
                                      target::TargetOpener& engine, const RecordRequest& request,
                                      Diagnostics& problems) {
    RecordReport report;
    report.mode = request.mode;
    TRY_ASSIGN(const std::vector<const Pipe*> endpoints, choose_endpoints(open.project, request.names));
    if (endpoints.empty()) {
        return report;
    }
    Diagnostics of_engine;
    TRY_ASSIGN(const EngineCheck checked, check_on_engine(open.project, open.sources, engine, of_engine));
    const bool all_told = std::all_of(endpoints.begin(), endpoints.end(),
                                      [&](const Pipe* pipe) { return is_told(*pipe, checked.endpoints); });
    if (!all_told && of_engine.has_errors()) {
        problems.append(std::move(of_engine));
        report.incomplete = true;
        return report;
    }
    const std::vector<Draft> drafts = draft_all(endpoints, open, checked.endpoints, problems);
    if (request.mode == GenerateMode::Write && !request.accept_breaking) {
        for (const Draft& draft : drafts) {
            report.breaks = report_breaks(draft, problems) || report.breaks;
        }
    }
    if (!report.breaks) {
        TRY(settle(drafts, open, folder, report));
    }
    return report;
}

} // namespace birdhouse::ops
