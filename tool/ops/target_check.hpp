// What a materialised or copy node gives, held against the columns of the datasource it is stored in.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "codec/dependencies.hpp"
#include "model/project.hpp"
#include "ops/node_check.hpp"
#include "ops/scratch_tables.hpp"
#include "target/channel.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace birdhouse::ops {

class TargetCheck {
public:
    TargetCheck(const model::Project& project, target::SqlChannel& channel, ScratchTables& tables,
                Diagnostics& diagnostics)
        : project_(project), channel_(channel), tables_(tables), diagnostics_(diagnostics) {}

    // Columns go by name: F351 to F353 and F355. `node` is the accepted node that fills the target.
    Result<void> check(const codec::RenderedNode& node, const CheckedNode& checked);
    // F354: columns that none of a target's nodes fills. Once, after all of them were checked.
    void report_unfilled();

private:
    // What fills a target, and what it lacks so far.
    struct Filling {
        const codec::RenderedNode* first = nullptr;
        std::size_t nodes = 0;
        std::vector<StoredColumn> columns;
        std::set<std::string, std::less<>> filled;
    };

    Result<Filling*> filling_of(const codec::RenderedNode& node);
    Result<void> check_column(const codec::RenderedNode& node, const OutputColumn& output,
                              const StoredColumn& stored);
    void report_missing(const codec::RenderedNode& node, const OutputColumn& output, const Filling& filling);

    const model::Project& project_;
    target::SqlChannel& channel_;
    ScratchTables& tables_;
    Diagnostics& diagnostics_;
    std::map<std::string, Filling, std::less<>> fillings_; // by target
};

// Where a node's SQL gives the column its name, else the node.
Span place_of_output(const codec::RenderedNode& node, const std::string& column);

} // namespace birdhouse::ops
