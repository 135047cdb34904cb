// Column groups: lists of columns that several datasources share, and that may use one another.
#pragma once

#include "base/diagnostic.hpp"
#include "base/source.hpp"
#include "model/datasource.hpp"
#include "syntax/yaml.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

struct Reading;

struct ReadColumns {
    std::vector<model::Column> columns;
    bool complete = true; // false: a group or a column is missing, so "no such column" would only confuse
};

class ColumnGroups {
public:
    // One file. Groups may use groups that are read later.
    void read(SourceId source, const SourceMap& sources, Diagnostics& problems);
    // Puts the columns of used groups in their places; call once, after the last `read`.
    void resolve(const SourceMap& sources, Diagnostics& problems);

    // The columns of the group that a `use:` names; null, and a report, when there is no such group.
    const ReadColumns* look_up(const syntax::YamlNode& name, Diagnostics& problems) const;
    std::vector<std::string_view> names() const;

private:
    enum class State { Unread, Open, Done };
    struct Group {
        Span place;
        syntax::YamlNode list;
        ReadColumns columns;
        State state = State::Unread;
    };
    struct Use {
        std::string group;
        Span place; // of the `use:` that led here
    };

    const ReadColumns* expand(const syntax::YamlNode& name, std::vector<Use>& chain, Reading reading);
    void fill(Group& group, std::vector<Use>& chain, Reading reading);
    static void report_circle(const syntax::YamlNode& name, const std::vector<Use>& chain, Reading reading);

    std::map<std::string, Group, std::less<>> groups_;
};

} // namespace birdhouse::codec
