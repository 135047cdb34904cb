#include "codec/resource_names.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"

namespace birdhouse::codec {

bool ResourceNames::add(std::string_view kind, const std::string& name, Span place) {
    const auto [first, is_new] = first_.try_emplace(name, Resource{kind, place});
    if (is_new || name.empty()) {
        return true;
    }
    Diagnostic twice{&codes::F032,
                     "two resources are called " + backquoted(name),
                     {},
                     "rename one of the two, or delete one file"};
    twice.labels = {{place, std::string(kind) + " here"},
                    {first->second.place, std::string(first->second.kind) + " here"}};
    problems_.add(std::move(twice));
    return false;
}

} // namespace birdhouse::codec
