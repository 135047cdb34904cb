// Any bytes as a ClickHouse type: what reads is written so that it reads back as the same tree.
#include "syntax/clickhouse_type.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace birdhouse::syntax;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto parsed = parse_clickhouse_type(text);
    if (const SyntaxFault* fault = fault_of(parsed)) {
        return fault->offset <= size ? 0 : (std::abort(), 0);
    }
    const auto& type = std::get<ClickHouseType>(parsed);
    unwrapped(type);
    is_nullable(type);
    const std::string written = write_clickhouse_type(type);
    const auto again = parse_clickhouse_type(written);
    const auto* same = std::get_if<ClickHouseType>(&again);
    return same != nullptr && write_clickhouse_type(*same) == written ? 0 : (std::abort(), 0);
}
