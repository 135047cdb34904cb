// Where a request ends, by its headers. Two programs that read one request must not differ in this: what one
// of them takes for the rest of a body would be a request to the other, with whatever it says.
#pragma once

#include "net/http.hpp"

#include <string_view>

namespace birdhouse::net {

// What keeps the headers from saying one thing only; empty when nothing does. Names in lower case.
std::string_view framing_fault(std::string_view method, const Fields& headers);

// A request that says of no body has none, whatever its method.
bool announces_body(const Fields& headers);

} // namespace birdhouse::net
