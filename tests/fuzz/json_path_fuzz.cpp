// Any bytes as a JSON path: what reads is written so that it reads back as the same steps.
#include "syntax/json_path.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace birdhouse::syntax;
    const auto parsed = parse_json_path({reinterpret_cast<const char*>(data), size});
    if (const SyntaxFault* fault = fault_of(parsed)) {
        return fault->offset <= size ? 0 : (std::abort(), 0);
    }
    const auto& path = std::get<JsonPath>(parsed);
    const auto again = parse_json_path(write_json_path(path));
    const auto* same = std::get_if<JsonPath>(&again);
    return same != nullptr && *same == path ? 0 : (std::abort(), 0);
}
