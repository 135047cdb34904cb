#include "ops/pipe_list.hpp"

#include "base/text.hpp"
#include "codec/dependencies.hpp"
#include "codec/pipe_diff.hpp"
#include "ops/contract_check.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

using Json = nlohmann::ordered_json;
using model::Pipe;
using Readers = std::map<const Pipe*, std::set<std::string>>;

Readers find_readers(const model::Project& project) {
    Readers readers;
    Diagnostics ignored; // `check` reports what does not render
    for (const codec::Dependency& dependency : codec::find_dependencies(project, ignored)) {
        const auto* read = dependency.table ? std::get_if<codec::NodeTable>(&*dependency.table) : nullptr;
        if (read != nullptr && read->pipe != dependency.pipe) {
            readers[read->pipe].insert(dependency.pipe->name);
        }
    }
    return readers;
}

ContractState state_of(const Pipe& pipe, const model::Contract* recorded) {
    if (codec::type_of(pipe) != model::NodeType::Endpoint) {
        return ContractState::NotApplicable;
    }
    if (recorded == nullptr) {
        return ContractState::None;
    }
    const std::vector<model::Change> changes =
        changes_since(*recorded, present_contract(pipe, {}), pipe.name);
    if (std::any_of(changes.begin(), changes.end(), is_break)) {
        return ContractState::Broken;
    }
    return changes.empty() ? ContractState::Kept : ContractState::Differs;
}

ListedPipe listed(const Pipe& pipe, const OpenProject& open, const Readers& readers) {
    ListedPipe row;
    row.version = model::version_of(pipe);
    row.published = pipe.name;
    row.type = to_string(codec::type_of(pipe));
    row.file = open.sources.path(pipe.origin.span.source);
    const model::Contract* recorded = model::find_contract(open.contracts, row.version);
    row.contract = state_of(pipe, recorded);
    if (recorded != nullptr && row.contract != ContractState::NotApplicable) {
        row.deprecated = recorded->deprecated;
    }
    if (const auto found = readers.find(&pipe); found != readers.end()) {
        row.readers.assign(found->second.begin(), found->second.end());
    }
    return row;
}

std::string date_text(const ListedPipe& row, Date today) {
    if (!row.deprecated) {
        return "-";
    }
    return (*row.deprecated <= today ? "since " : "from ") + format_date(*row.deprecated);
}

using Cells = std::array<std::string, 6>;

Cells cells_of(const ListedPipe& row, Date today) {
    return {printable(row.published),
            row.type.empty() ? "-" : row.type,
            std::to_string(row.version.number),
            std::string(to_string(row.contract)),
            date_text(row, today),
            row.readers.empty() ? "-" : join(row.readers, ", ")};
}

std::string aligned(const std::vector<Cells>& rows) {
    std::array<std::size_t, std::tuple_size_v<Cells>> widths{};
    for (const Cells& cells : rows) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            widths.at(i) = std::max(widths.at(i), count_code_points(cells.at(i)));
        }
    }
    std::string out;
    for (const Cells& cells : rows) {
        std::string line;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const std::string& cell = cells.at(i);
            line += cell;
            if (i + 1 < cells.size()) {
                line += std::string(widths.at(i) - count_code_points(cell) + 2, ' ');
            }
        }
        out += line + "\n";
    }
    return out;
}

} // namespace

std::string_view to_string(ContractState state) {
    static constexpr std::array<std::string_view, 6> kNames = {"-",       "none",   "kept",
                                                               "differs", "broken", "gone"};
    return kNames.at(static_cast<std::size_t>(state));
}

std::vector<ListedPipe> list_pipes(const OpenProject& open) {
    const Readers readers = find_readers(open.project);
    std::vector<ListedPipe> rows;
    for (const Pipe& pipe : open.project.pipes) {
        rows.push_back(listed(pipe, open, readers));
    }
    for (const model::Contract& recorded : open.contracts) {
        if (find_endpoint(open.project, recorded.version) == nullptr) {
            rows.push_back({recorded.version,
                            published_name(recorded.version),
                            "",
                            model::contract_path(recorded.version),
                            ContractState::Gone,
                            recorded.deprecated,
                            {}});
        }
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const ListedPipe& a, const ListedPipe& b) { return a.version < b.version; });
    return rows;
}

std::string render_text(const std::vector<ListedPipe>& pipes, Date today) {
    std::vector<Cells> rows = {{"pipe", "type", "version", "contract", "may go", "read by"}};
    for (const ListedPipe& row : pipes) {
        rows.push_back(cells_of(row, today));
    }
    return aligned(rows);
}

std::string render_json(const std::vector<ListedPipe>& pipes, Date today) {
    Json list = Json::array();
    for (const ListedPipe& row : pipes) {
        const bool has_contract = row.contract != ContractState::NotApplicable;
        list.push_back({{"pipe", row.version.name},
                        {"version", row.version.number},
                        {"published", row.published},
                        {"type", row.type.empty() ? Json(nullptr) : Json(row.type)},
                        {"file", row.file},
                        {"contract", has_contract ? Json(to_string(row.contract)) : Json(nullptr)},
                        {"deprecated", row.deprecated ? Json(format_date(*row.deprecated)) : Json(nullptr)},
                        {"may_go", row.deprecated ? Json(*row.deprecated <= today) : Json(nullptr)},
                        {"readers", row.readers}});
    }
    const Json json = {{"today", format_date(today)}, {"pipes", std::move(list)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace birdhouse::ops
