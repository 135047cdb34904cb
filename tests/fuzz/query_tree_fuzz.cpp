// A query tree, as the engine would print it or not.
#include "codec/query_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto transparent = [](std::string_view table) { return table.ends_with('v'); };
    const auto columns = birdhouse::codec::read_query_tree(text, transparent);
    if (columns != birdhouse::codec::read_query_tree(text, transparent)) {
        std::abort();
    }
    return 0;
}
