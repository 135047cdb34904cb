// Which nodes of a project read a datasource, a pipe or one column, by the names that stand in their SQL.
// Without a lineage a column of another table that is called so counts too.
#pragma once

#include "base/source.hpp"
#include "codec/column_lineage.hpp"
#include "codec/dependencies.hpp"
#include "model/project.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

enum class ReaderUse : std::uint8_t {
    Names,   // the node names it
    Star,    // the node selects `*` of the table
    Through, // the node reads a node that names it
    Writes,  // the pipe's rows go there
};

std::string_view to_string(ReaderUse use);

struct Reader {
    const model::Pipe* pipe = nullptr;
    const model::Node* node = nullptr;
    ReaderUse use = ReaderUse::Names;
    Span place; // of the name, or of the table
    friend bool operator==(const Reader&, const Reader&) = default;
};

class ReaderIndex {
public:
    // All outlive the index. Of nodes that `lineage` knows it tells who reads a column.
    ReaderIndex(const model::Project& project, const std::vector<RenderedNode>& nodes,
                const ColumnLineage* lineage = nullptr);

    // Nodes that name the column, or take it along with `*`; in the order of pipes and nodes.
    std::vector<Reader> of_column(std::string_view datasource, std::string_view column) const;
    // Nodes that read the table, and pipes that write to it.
    std::vector<Reader> of_table(std::string_view name) const;
    // The same and all nodes that read those, through nodes and pipes but not through materializations.
    std::vector<Reader> with_readers_of(std::vector<Reader> readers) const;

private:
    struct Mention {
        const RenderedNode* reader = nullptr;
        Dependency dependency;
    };
    bool is_mention_of(const Mention& mention, std::string_view table) const;
    std::vector<const Mention*> mentions_of(const model::Node& node) const;
    std::optional<ReaderUse> use_of(const Mention& mention, bool names, bool star,
                                    std::string_view datasource, std::string_view column) const;

    const model::Project& project_;
    const ColumnLineage* lineage_;
    std::vector<Mention> mentions_;
};

} // namespace birdhouse::codec
