// The SQL of nodes through the engine's own formatter. Loads the engine for the first node that wants it.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "codec/datafile_formatter.hpp"
#include "ops/session.hpp"

#include <memory>
#include <string>
#include <vector>

namespace birdhouse::ops {

class SqlFormatter {
public:
    explicit SqlFormatter(target::TargetOpener& targets) : targets_(targets) {}

    // The new texts of what can be formatted. Templates stand as they are; so does SQL with comments, which
    // is noticed, and SQL that does not read, which is warned of.
    Result<codec::FormattedSql> format(const syntax::Datafile& file, const SourceMap& sources,
                                       Diagnostics& diagnostics, std::vector<std::string>& notices);

private:
    Result<std::string> ask(const std::string& sql);

    target::TargetOpener& targets_;
    std::unique_ptr<target::SqlChannel> engine_;
};

} // namespace birdhouse::ops
