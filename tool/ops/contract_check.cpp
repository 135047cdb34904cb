#include "ops/contract_check.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/contract_diff.hpp"
#include "codec/definition_parts.hpp"
#include "codec/pipe_diff.hpp"
#include "codec/text_contract.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::ops {

namespace {

using model::Change;
using model::Contract;
using model::OutputColumn;
using model::Pipe;

bool names(const std::vector<OutputColumn>& columns, const std::string& name) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const OutputColumn& column) { return column.name == name; });
}

// The engine names an expression without an alias in its own spelling, which the text may not have.
bool is_sure_of_names(const Contract& recorded, const Contract& present) {
    return std::all_of(present.columns->begin(), present.columns->end(), [&](const OutputColumn& column) {
        return !column.type.empty() || codec::is_identifier(column.name) ||
               (recorded.columns && names(*recorded.columns, column.name));
    });
}

// Where the change is to be mended: at its own place when it has one, else at the node that gives the rows.
Span place_of(const Change& change, const Pipe& pipe) {
    const Span after = change.after.origin.span;
    const model::Node* result = model::result_node(pipe);
    const bool is_of_parameter = std::holds_alternative<model::Parameter>(change.after.value);
    if (after.known() && is_of_parameter) {
        return after;
    }
    return result == nullptr ? pipe.origin.span : result->origin.span;
}

std::string shown(const model::PipeVersion& version) {
    return "version " + std::to_string(version.number) + " of " + backquoted(version.name);
}

std::string help_for(const Change& change, const Pipe& pipe) {
    const std::string renamed =
        change.surroundings.possible_rename
            ? "it may be called " + backquoted(*change.surroundings.possible_rename) + " now; "
            : "";
    return renamed + "take it back, or keep this version and begin the next: " +
           backquoted("birdhouse pipe bump " + pipe.name + " --from HEAD");
}

void check_present(const Contract& recorded, const Pipe& pipe, std::span<const EndpointOutput> outputs,
                   Diagnostics& problems) {
    const std::vector<Change> changes = changes_since(recorded, present_contract(pipe, outputs), pipe.name);
    for (const Change& change : changes) {
        const std::string help = is_break(change)
                                     ? help_for(change, pipe)
                                     : "record it: " + backquoted("birdhouse pipe record " + pipe.name);
        report_change(change, recorded, pipe, help, problems);
    }
}

bool renders(const Pipe& pipe, std::span<const codec::RenderedNode> nodes) {
    return std::all_of(pipe.nodes.begin(), pipe.nodes.end(), [&](const model::Node& node) {
        return std::any_of(nodes.begin(), nodes.end(),
                           [&](const codec::RenderedNode& one) { return one.node == &node; });
    });
}

void report_gone(const Contract& recorded, Date today, Diagnostics& problems) {
    const Span place = recorded.origin.span;
    const std::string what = shown(recorded.version);
    if (!recorded.deprecated) {
        problems.add(codes::B210, place,
                     "no endpoint gives " + what + " any more, and no date was set (WIRE)",
                     "bring it back, or say when it goes: `\"deprecated\": \"YYYY-MM-DD\"` here");
        return;
    }
    const std::string date = format_date(*recorded.deprecated);
    if (today < *recorded.deprecated) {
        problems.add(codes::B219, place, what + " is gone, and was promised until " + date + " (WIRE)",
                     "bring it back until then");
    } else {
        problems.add(codes::B220, place,
                     what + " is gone since its date, " + date + ", and its contract is not",
                     "delete this file");
    }
}

} // namespace

Contract present_contract(const Pipe& pipe, std::span<const EndpointOutput> outputs) {
    Contract contract = codec::text_contract(pipe);
    for (model::Parameter& parameter : contract.parameters) {
        parameter.description.clear(); // no promise
    }
    const auto told = std::find_if(outputs.begin(), outputs.end(),
                                   [&](const EndpointOutput& output) { return output.pipe == &pipe; });
    if (told != outputs.end()) {
        contract.columns.emplace();
        for (const auto& [name, type] : told->columns) {
            contract.columns->push_back({name, type, pipe.origin});
        }
    }
    return contract;
}

std::vector<Change> changes_since(const Contract& recorded, const Contract& present,
                                  const std::string& published) {
    if (!present.columns || is_sure_of_names(recorded, present)) {
        return codec::diff_contracts(recorded, present, published);
    }
    Contract without_columns = present;
    without_columns.columns.reset();
    return codec::diff_contracts(recorded, without_columns, published);
}

bool is_break(const Change& change) { return model::assess(change).breaking; }

const Pipe* find_endpoint(const model::Project& project, const model::PipeVersion& version) {
    const auto found = std::find_if(project.pipes.begin(), project.pipes.end(), [&](const Pipe& pipe) {
        return codec::type_of(pipe) == model::NodeType::Endpoint && model::version_of(pipe) == version;
    });
    return found == project.pipes.end() ? nullptr : &*found;
}

std::string_view category_of(model::Reach reach) {
    static constexpr std::array<std::string_view, 3> kCategories = {"STORAGE", "PIPE", "WIRE"};
    return kCategories.at(static_cast<std::size_t>(reach));
}

void report_change(const Change& change, const Contract& recorded, const Pipe& pipe, const std::string& help,
                   Diagnostics& problems) {
    const model::Assessment assessed = model::assess(change);
    const std::string message = shown(recorded.version) +
                                (assessed.breaking ? " is broken (" : " differs (") +
                                std::string(category_of(assessed.reach)) + "): " + describe(change);
    for (const model::Finding& finding : assessed.findings) {
        Diagnostic problem{finding.code, message, {}, help};
        problem.labels.push_back({place_of(change, pipe), {}});
        if (change.before.origin.span.known()) {
            problem.labels.push_back({change.before.origin.span, "promised here"});
        }
        problems.add(std::move(problem));
    }
}

void check_contracts(const OpenProject& open, std::span<const codec::RenderedNode> nodes,
                     std::span<const EndpointOutput> outputs, Date today, Diagnostics& problems) {
    for (const Contract& recorded : open.contracts) {
        if (const Pipe* pipe = find_endpoint(open.project, recorded.version)) {
            if (renders(*pipe, nodes)) {
                check_present(recorded, *pipe, outputs, problems);
            }
        } else if (open.usable()) { // else its file may be the one that does not read
            report_gone(recorded, today, problems);
        }
    }
}

} // namespace birdhouse::ops
