#include "codec/column_groups.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/definition_parts.hpp"

#include <algorithm>
#include <utility>

namespace birdhouse::codec {

using syntax::YamlNode;

namespace {

constexpr std::size_t kLongestChain = 64;

} // namespace

void ColumnGroups::read(SourceId source, const SourceMap& sources, Diagnostics& problems) {
    const Reading reading{sources, problems};
    std::optional<YamlNode> root = syntax::parse_yaml(source, sources, problems);
    const std::optional<Fields> fields =
        root ? Fields::check(*root, ObjectKind::Group, reading) : std::nullopt;
    if (!fields || !fields->has("group")) {
        return;
    }
    check_inner_name(*fields, "group", reading);
    Group group;
    group.place = fields->place();
    if (const YamlNode* list = fields->find("columns")) {
        group.list = *list;
    } else {
        group.state = State::Done; // its `columns` were reported
        group.columns.complete = false;
    }
    const auto [first, is_new] = groups_.try_emplace(fields->text("group"), std::move(group));
    if (!is_new) {
        Diagnostic twice{&codes::F032,
                         "column group " + backquoted(first->first) + " is defined twice",
                         {},
                         "rename one of the two, or delete one file"};
        twice.labels = {{fields->place(), "again here"}, {first->second.place, "first here"}};
        problems.add(std::move(twice));
    }
}

void ColumnGroups::resolve(const SourceMap& sources, Diagnostics& problems) {
    std::vector<Use> chain;
    for (auto& [name, group] : groups_) {
        if (group.state == State::Unread) {
            chain.push_back({name, group.place});
            fill(group, chain, {sources, problems});
            chain.pop_back();
        }
    }
}

void ColumnGroups::fill(Group& group, std::vector<Use>& chain, Reading reading) {
    group.state = State::Open;
    const GroupLookup lookup = [&](const YamlNode& used) { return expand(used, chain, reading); };
    group.columns = read_columns(group.list, lookup, reading);
    group.state = State::Done;
}

const ReadColumns* ColumnGroups::expand(const YamlNode& name, std::vector<Use>& chain, Reading reading) {
    const auto found = groups_.find(name.text);
    if (found == groups_.end()) {
        return look_up(name, reading.problems);
    }
    Group& group = found->second;
    if (group.state == State::Open || chain.size() == kLongestChain) {
        report_circle(name, chain, reading);
        return nullptr;
    }
    if (group.state == State::Unread) {
        chain.push_back({found->first, name.span});
        fill(group, chain, reading);
        chain.pop_back();
    }
    return &group.columns;
}

void ColumnGroups::report_circle(const YamlNode& name, const std::vector<Use>& chain, Reading reading) {
    auto first =
        std::find_if(chain.begin(), chain.end(), [&](const Use& use) { return use.group == name.text; });
    const bool circle = first != chain.end();
    first = circle ? first : chain.begin();
    Diagnostic report{
        &codes::F034, {}, {{name.span, "uses " + backquoted(name.text)}}, "remove one of these uses"};
    std::string path = backquoted(first->group);
    for (auto use = std::next(first); use != chain.end(); ++use) {
        path += " -> " + backquoted(use->group);
        report.labels.push_back({use->place, "uses " + backquoted(use->group)});
    }
    report.message =
        circle ? "column group " + backquoted(name.text) + " uses itself: " + path + " -> " +
                     backquoted(name.text)
               : "column groups use each other more than " + std::to_string(kLongestChain) + " deep: " + path;
    reading.problems.add(std::move(report));
}

const ReadColumns* ColumnGroups::look_up(const YamlNode& name, Diagnostics& problems) const {
    const auto found = groups_.find(name.text);
    if (found != groups_.end()) {
        return &found->second.columns;
    }
    const std::optional<std::string> near = nearest(name.text, names());
    problems.add(codes::F033, name.span, "no column group is called " + backquoted(shorten(name.text, 80)),
                 near ? "did you mean " + backquoted(*near) + "?" : "define it in `datasources/groups/`");
    return nullptr;
}

std::vector<std::string_view> ColumnGroups::names() const {
    std::vector<std::string_view> names;
    for (const auto& entry : groups_) {
        names.emplace_back(entry.first);
    }
    return names;
}

} // namespace birdhouse::codec
