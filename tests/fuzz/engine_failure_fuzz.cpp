// An engine's error text may quote any bytes of the statement: taking it apart must not crash.
#include "engine/failure.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace birdhouse::engine;
    refused(parse_failure(std::string_view(reinterpret_cast<const char*>(data), size)));
    return 0;
}
