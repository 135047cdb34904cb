// What an engine prints is read by `migrate` and `diff`: no text may crash the reading.
#include "syntax/sql_scan.hpp"
#include "target/engine_clause.hpp"
#include "target/sql_text.hpp"
#include "target/type_text.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace birdhouse::target;
    using birdhouse::syntax::split_list;
    using birdhouse::syntax::without_outer_parentheses;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    parse_engine_clause(text);
    without_database(text, "db", {"t"});
    split_list(without_outer_parentheses(text));
    parse_tsv(text);
    plain_type(text);
    nullable_type(text);
    if (unescape_tsv(escape_tsv(text)) != text) {
        std::abort();
    }
    return 0;
}
