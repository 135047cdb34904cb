// SQL comes from pipes of any origin: no text may crash its reading, and tokens must tile it.
#include "syntax/sql_outline.hpp"
#include "syntax/sql_tokens.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace birdhouse::syntax;
    const std::string_view sql(reinterpret_cast<const char*>(data), size);
    std::size_t end = 0;
    for (const SqlToken& token : tokenize_sql(sql)) {
        if (token.begin != end || token.end <= token.begin) {
            std::abort();
        }
        name_of(token, sql);
        end = token.end;
    }
    const SqlOutline outline = outline_sql(sql);
    for (const SqlTable& table : outline.tables) {
        if (table.place.begin < outline.statement.begin || table.place.end > outline.statement.end) {
            std::abort();
        }
    }
    return end == size ? 0 : (std::abort(), 0);
}
