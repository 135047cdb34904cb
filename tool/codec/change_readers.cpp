#include "codec/change_readers.hpp"

#include "syntax/sql_scan.hpp"
#include "syntax/sql_words.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <tuple>

namespace birdhouse::codec {

namespace {

using syntax::SqlPiece;
using syntax::SqlRange;
using syntax::SqlTokenKind;
using Pieces = std::vector<SqlPiece>;

bool is_word(const SqlPiece& piece, std::string_view word) {
    return piece.token.kind == SqlTokenKind::Word && syntax::same_word(piece.text, word);
}

Pieces significant(std::string_view sql) {
    Pieces pieces = syntax::scan_sql(sql);
    std::erase_if(pieces, [](const SqlPiece& piece) { return !syntax::is_significant(piece.token); });
    return pieces;
}

bool is_in_table(const RenderedNode& node, const SqlPiece& piece) {
    return std::any_of(
        node.outline.tables.begin(), node.outline.tables.end(), [&](const syntax::SqlTable& table) {
            return piece.token.begin >= table.place.begin && piece.token.end <= table.place.end;
        });
}

// A name that is no table, no function and no alias that is given here.
std::optional<Span> find_name(const RenderedNode& node, const Pieces& pieces, std::string_view name) {
    const std::string& sql = node.text.sql;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const SqlPiece& piece = pieces[i];
        if (!syntax::is_name(piece) || syntax::name_of(piece.token, sql) != name) {
            continue;
        }
        const bool is_call =
            i + 1 < pieces.size() && pieces[i + 1].text == "(" && piece.token.kind == SqlTokenKind::Word;
        const bool is_alias = i > 0 && is_word(pieces[i - 1], "AS");
        if (!is_call && !is_alias && !is_in_table(node, piece)) {
            return node.text.source_of(piece.token.begin, piece.token.end);
        }
    }
    return std::nullopt;
}

// Does the SELECT that reads the table at `place` take all of its columns?
bool selects_star(const Pieces& pieces, SqlRange place) {
    auto at = std::find_if(pieces.rbegin(), pieces.rend(),
                           [&](const SqlPiece& piece) { return piece.token.begin == place.begin; });
    if (at == pieces.rend()) {
        return false;
    }
    const std::size_t depth = at->depth;
    bool found = false;
    for (; at != pieces.rend() && at->depth >= depth; ++at) {
        if (at->depth == depth && is_word(*at, "SELECT")) {
            return found;
        }
        const auto before = std::next(at);
        const bool starts_item =
            before != pieces.rend() && (is_word(*before, "SELECT") || is_word(*before, "DISTINCT") ||
                                        before->text == "," || before->text == ".");
        found = found || (at->depth == depth && at->text == "*" && starts_item);
    }
    return false;
}

struct ByNode {
    bool operator()(const Reader& a, const Reader& b) const {
        return std::tie(a.pipe->name, a.node) <
               std::tie(b.pipe->name, b.node); // nodes of one pipe lie in order
    }
};

} // namespace

std::string_view to_string(ReaderUse use) {
    static constexpr std::array<std::string_view, 4> kNames = {"names", "star", "through", "writes"};
    return kNames.at(static_cast<std::size_t>(use));
}

ReaderIndex::ReaderIndex(const model::Project& project, const std::vector<RenderedNode>& nodes,
                         const ColumnLineage* lineage)
    : project_(project), lineage_(lineage) {
    std::vector<Dependency> dependencies = find_dependencies(project, nodes);
    auto reader = nodes.begin();
    for (Dependency& dependency : dependencies) { // both are in the order of the nodes
        while (reader->node != dependency.node) {
            ++reader;
        }
        mentions_.push_back({&*reader, std::move(dependency)});
    }
}

bool ReaderIndex::is_mention_of(const Mention& mention, std::string_view table) const {
    const std::optional<NamedTable>& named = mention.dependency.table;
    if (!named) {
        return mention.dependency.database.empty() && mention.dependency.name == table;
    }
    if (const auto* datasource = std::get_if<DatasourceTable>(&*named)) {
        return datasource->datasource->name == table;
    }
    if (const auto* quarantine = std::get_if<QuarantineTable>(&*named)) {
        return quarantine->datasource->name == table;
    }
    if (const auto* target = std::get_if<TargetTable>(&*named)) {
        return target->pipe->target_datasource == table;
    }
    const auto& node = std::get<NodeTable>(*named);
    return node.pipe->name == table && node.node == model::result_node(*node.pipe) &&
           mention.dependency.pipe != node.pipe;
}

std::vector<const ReaderIndex::Mention*> ReaderIndex::mentions_of(const model::Node& node) const {
    std::vector<const Mention*> found;
    for (const Mention& mention : mentions_) {
        const auto* table =
            mention.dependency.table ? std::get_if<NodeTable>(&*mention.dependency.table) : nullptr;
        if (table != nullptr && table->node == &node) {
            found.push_back(&mention);
        }
    }
    return found;
}

// How the node reads the column of what it mentions; nothing when it does not.
std::optional<ReaderUse> ReaderIndex::use_of(const Mention& mention, bool names, bool star,
                                             std::string_view datasource, std::string_view column) const {
    const model::Pipe& pipe = *mention.dependency.pipe;
    const model::Node& node = *mention.dependency.node;
    if (lineage_ != nullptr && lineage_->knows(pipe.name, node.name)) {
        const auto* inner =
            mention.dependency.table ? std::get_if<NodeTable>(&*mention.dependency.table) : nullptr;
        const LineageColumn read =
            inner == nullptr ? LineageColumn{std::string(datasource), "", std::string(column)}
                             : LineageColumn{inner->pipe->name, inner->node->name, std::string(column)};
        if (!lineage_->reads(pipe.name, node.name, read)) {
            return std::nullopt;
        }
        return names ? ReaderUse::Names : ReaderUse::Star; // `*`, or what works like it: COLUMNS('...')
    }
    if (names) {
        return ReaderUse::Names;
    }
    return star ? std::optional(ReaderUse::Star) : std::nullopt;
}

std::vector<Reader> ReaderIndex::of_column(std::string_view datasource, std::string_view column) const {
    std::vector<Reader> readers;
    std::set<const model::Node*> seen;
    std::vector<const Mention*> waiting;
    for (const Mention& mention : mentions_) {
        if (is_mention_of(mention, datasource)) {
            waiting.push_back(&mention);
        }
    }
    while (!waiting.empty()) {
        const Mention& mention = *waiting.back();
        waiting.pop_back();
        if (seen.contains(mention.dependency.node)) {
            continue;
        }
        const RenderedNode& node = *mention.reader;
        const Pieces pieces = significant(node.text.sql);
        const std::optional<Span> named = find_name(node, pieces, column);
        const bool star = std::any_of(
            node.outline.tables.begin(), node.outline.tables.end(), [&](const syntax::SqlTable& table) {
                return table.name == mention.dependency.name && selects_star(pieces, table.place);
            });
        const std::optional<ReaderUse> use = use_of(mention, named.has_value(), star, datasource, column);
        if (!use) {
            continue; // another mention in the same node may still take it along
        }
        seen.insert(node.node);
        readers.push_back({node.pipe, node.node, *use, named.value_or(mention.dependency.place)});
        const std::vector<const Mention*> next = mentions_of(*node.node);
        waiting.insert(waiting.end(), next.begin(), next.end());
    }
    std::sort(readers.begin(), readers.end(), ByNode());
    return readers;
}

std::vector<Reader> ReaderIndex::of_table(std::string_view name) const {
    std::vector<Reader> readers;
    std::set<const model::Node*> seen;
    for (const Mention& mention : mentions_) {
        if (is_mention_of(mention, name) && seen.insert(mention.dependency.node).second) {
            readers.push_back({mention.dependency.pipe, mention.dependency.node, ReaderUse::Names,
                               mention.dependency.place});
        }
    }
    for (const model::Pipe& pipe : project_.pipes) {
        const model::Node* node = model::result_node(pipe);
        if (pipe.target_datasource == name && node != nullptr) {
            readers.push_back({&pipe, node, ReaderUse::Writes, pipe.origin.span});
        }
    }
    std::sort(readers.begin(), readers.end(), ByNode());
    return readers;
}

std::vector<Reader> ReaderIndex::with_readers_of(std::vector<Reader> readers) const {
    std::set<const model::Node*> seen;
    for (const Reader& reader : readers) {
        seen.insert(reader.node);
    }
    for (std::size_t i = 0; i < readers.size(); ++i) { // grows while it is walked
        if (readers[i].use == ReaderUse::Writes) {
            continue;
        }
        for (const Mention* mention : mentions_of(*readers[i].node)) {
            if (seen.insert(mention->dependency.node).second) {
                readers.push_back({mention->dependency.pipe, mention->dependency.node, ReaderUse::Through,
                                   mention->dependency.place});
            }
        }
    }
    std::sort(readers.begin(), readers.end(), ByNode());
    return readers;
}

} // namespace birdhouse::codec
