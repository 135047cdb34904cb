#include "codec/assessed_change.hpp"

#include "base/codes.hpp"
#include "codec/change_consequences.hpp"
#include "codec/pipe_diff.hpp"

#include <algorithm>

namespace birdhouse::codec {

namespace {

using model::Change;
using model::ChangeKind;
using model::NodeType;
using model::ResourceKind;

bool adds_column(ChangeKind kind) {
    return kind >= ChangeKind::ColumnAdded && kind <= ChangeKind::ColumnAddedComputed;
}

bool is_gone(ChangeKind kind) {
    return kind == ChangeKind::ColumnDropped || kind == ChangeKind::ColumnRenamed ||
           kind == ChangeKind::DatasourceDropped || kind == ChangeKind::PipeDropped ||
           kind == ChangeKind::EndpointDropped || kind == ChangeKind::MaterializationDropped;
}

std::vector<Reader> find_readers(const Change& change, const ReaderIndex& index) {
    std::vector<Reader> readers = change.subject.part.empty()
                                      ? index.of_table(change.subject.name)
                                      : index.of_column(change.subject.name, change.subject.part);
    if (change.kind == ChangeKind::ColumnMadeNullable) {
        return index.with_readers_of(std::move(readers)); // a NULL goes through what is computed of it
    }
    if (!is_gone(change.kind)) {
        return readers;
    }
    // Who takes the column along with `*` goes on without it; who reads a node that fails fails too.
    std::vector<Reader> broken;
    std::vector<Reader> starred;
    for (const Reader& reader : readers) {
        (reader.use == ReaderUse::Star ? starred : broken).push_back(reader);
    }
    std::vector<Reader> all = index.with_readers_of(std::move(broken));
    for (const Reader& reader : starred) {
        const bool fails =
            std::any_of(all.begin(), all.end(), [&](const Reader& one) { return one.node == reader.node; });
        if (!fails) {
            all.push_back(reader);
        }
    }
    return all;
}

// The code that comes with a reader; null when the change is nothing to it.
const Code* code_for(const Change& change, const Reader& reader) {
    const Code* code = model::row_of(change.kind).code_for_readers;
    const NodeType type = type_of(*reader.pipe);
    if (reader.use == ReaderUse::Star && (adds_column(change.kind) || is_gone(change.kind))) {
        return &codes::B212;
    }
    if (change.kind == ChangeKind::ColumnMadeNullable && type == NodeType::Materialized) {
        return &codes::B204;
    }
    if (code == &codes::B221 && type != NodeType::Endpoint) {
        return nullptr; // only an endpoint shows the type to somebody
    }
    return code;
}

void add_readers(AssessedChange& assessed, const ReaderIndex& index) {
    const Change& change = assessed.change;
    const bool has_readers =
        model::row_of(change.kind).code_for_readers != nullptr || adds_column(change.kind);
    const bool is_table =
        change.subject.resource == ResourceKind::Datasource || change.subject.resource == ResourceKind::Pipe;
    if (!has_readers || !is_table) {
        return;
    }
    model::Assessment& assessment = assessed.assessment;
    for (const Reader& reader : find_readers(change, index)) {
        const Code* code = code_for(change, reader);
        if (code == nullptr) {
            continue;
        }
        assessed.readers.push_back({reader, code});
        assessment.breaking = assessment.breaking || code->severity == Severity::Error;
        const bool is_seen = type_of(*reader.pipe) == NodeType::Endpoint;
        assessment.reach = std::max(assessment.reach, is_seen ? model::Reach::Wire : model::Reach::Pipe);
    }
}

void add_endpoint_columns(AssessedChange& assessed, const ColumnLineage& lineage) {
    const Change& change = assessed.change;
    const bool is_column =
        change.subject.resource == ResourceKind::Datasource && !change.subject.part.empty();
    if (is_column && !adds_column(change.kind)) {
        assessed.endpoint_columns =
            lineage.endpoint_columns_from({change.subject.name, "", change.subject.part});
    }
}

} // namespace

std::vector<AssessedChange> assess_changes(std::vector<Change> changes, const model::Project& before,
                                           const model::Project& after, const ColumnLineage* lineage) {
    Diagnostics ignored; // `check` reports templates that do not render
    const std::vector<RenderedNode> nodes = render_for_checks(after, ignored);
    const ReaderIndex index(after, nodes, lineage);
    std::vector<AssessedChange> assessed;
    for (Change& change : changes) {
        model::Assessment assessment = model::assess(change);
        assessed.push_back({std::move(change), std::move(assessment), {}, {}});
        add_readers(assessed.back(), index);
        if (lineage != nullptr) {
            add_endpoint_columns(assessed.back(), *lineage);
        }
    }
    add_consequences(assessed, before, after, index);
    return assessed;
}

} // namespace birdhouse::codec
