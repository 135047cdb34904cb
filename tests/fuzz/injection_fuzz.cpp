// The bytes are the value of a parameter, the first of them says in which template: whatever it holds, the
// query keeps the shape that a harmless value gives it.
#include "support/query_shapes.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace birdhouse::testing;
    if (size == 0) {
        return 0;
    }
    const QueryShape& shape = kQueryShapes[data[0] % kQueryShapes.size()];
    const std::string value(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto sql = render_shape(shape, value);
    if (!sql) {
        return 0;
    }
    const auto harmless = render_shape(shape, harmless_like(shape, value));
    if (!harmless || token_shape(*sql) != token_shape(*harmless)) {
        std::cerr << "the shape changed: " << *sql << "\n";
        std::abort();
    }
    return 0;
}
