// One namespace for everything that a query can name as a table: datasources and pipes, read from whatever
// kind of file.
#pragma once

#include "base/diagnostic.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace birdhouse::codec {

class ResourceNames {
public:
    explicit ResourceNames(Diagnostics& problems) : problems_(problems) {}

    // False when the name is taken, which is then reported at both places. `kind` is "a pipe".
    bool add(std::string_view kind, const std::string& name, Span place);

private:
    struct Resource {
        std::string_view kind;
        Span place;
    };
    Diagnostics& problems_;
    std::unordered_map<std::string, Resource> first_;
};

// The first of two resources with one name stays; the other was reported.
template <class Named>
void append_new(Named one, std::string_view kind, ResourceNames& names, std::vector<Named>& all) {
    if (names.add(kind, one.name, one.origin.span)) {
        all.push_back(std::move(one));
    }
}

template <class Named>
void sort_by_name(std::vector<Named>& all) {
    std::ranges::stable_sort(all, {}, &Named::name);
}

} // namespace birdhouse::codec
