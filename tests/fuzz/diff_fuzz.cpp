// `diff` compares texts of any origin: no type, TTL, key or query may crash it, and none differs from itself.
#include "codec/query_output.hpp"
#include "codec/sql_form.hpp"
#include "codec/ttl_change.hpp"
#include "codec/type_change.hpp"
#include "ops/git_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace birdhouse;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string_view before = text.substr(0, text.find('\1'));
    const std::string_view after = text.substr(std::min(before.size() + 1, text.size()));
    if (!codec::compare_types(before, before).empty() ||
        codec::compare_ttl(before, before) != codec::TtlChange::Same ||
        codec::key_form(before) != codec::key_form(before)) {
        std::abort();
    }
    codec::compare_types(before, after);
    codec::compare_ttl(before, after);
    codec::names_column(before, after);
    codec::is_volatile(before);
    codec::read_output(before);
    ops::parse_tree_listing(before);
    ops::parse_object_batch(before, 3);
    return 0;
}
