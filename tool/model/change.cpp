#include "model/change.hpp"

#include "base/text.hpp"
#include "model/change_assessment.hpp"

#include <array>
#include <utility>

namespace birdhouse::model {

namespace {

constexpr auto kNames = std::to_array<std::string_view>({
#define KIND(enumerator, name) #name,
#include "model/change_kinds.def"
#undef KIND
});

constexpr std::size_t kLongestShown = 120; // code points of a text in a sentence

std::string one_line(std::string_view text) { return shorten(printable(text), kLongestShown); }

} // namespace

std::string_view to_string(ChangeKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::vector<ChangeKind> all_change_kinds() {
    std::vector<ChangeKind> kinds;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        kinds.push_back(static_cast<ChangeKind>(i));
    }
    return kinds;
}

std::string_view to_string(ResourceKind kind) {
    static constexpr std::array<std::string_view, 4> kKinds = {"project", "connection", "datasource", "pipe"};
    return kKinds[static_cast<std::size_t>(kind)];
}

std::string full_name(const Subject& subject) {
    if (subject.part.empty() || subject.name.empty()) {
        return subject.name + subject.part;
    }
    return subject.name + "." + subject.part;
}

std::string describe(const Change& change, std::string (*quote)(std::string_view)) {
    const auto shown = [&](const std::string& text) {
        return text.empty() ? std::string("nothing") : quote(one_line(text));
    };
    const ColumnPosition& place = change.surroundings.position;
    const std::string after = place.after.empty() ? std::string() : " after " + shown(place.after);
    const std::array<std::pair<std::string_view, std::string>, 6> fields{{
        {"name", shown(full_name(change.subject))},
        {"part", shown(change.subject.part)},
        {"resource", shown(change.subject.name)},
        {"before", shown(change.before.text)},
        {"after", shown(change.after.text)},
        {"position", place.first ? " before all others" : after},
    }};
    std::string sentence;
    std::string_view rest = row_of(change.kind).says;
    while (!rest.empty()) {
        const std::size_t open = rest.find('{');
        sentence += rest.substr(0, open);
        if (open == std::string_view::npos) {
            break;
        }
        const std::size_t close = rest.find('}', open);
        const std::string_view wanted = rest.substr(open + 1, close - open - 1);
        for (const auto& [name, text] : fields) {
            sentence += name == wanted ? text : std::string();
        }
        rest.remove_prefix(close + 1);
    }
    return sentence;
}

std::string describe(const Change& change) { return describe(change, backquoted); }

} // namespace birdhouse::model
