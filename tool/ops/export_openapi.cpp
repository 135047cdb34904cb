#include "ops/export_openapi.hpp"

#include "codec/openapi.hpp"

namespace birdhouse::ops {

std::string export_openapi(const OpenProject& open, const std::string& server_url) {
    const std::string& name = open.project.config.name;
    return codec::write_openapi(open.project,
                                {name.empty() ? "Endpoints" : name, server_url, open.contracts, {}});
}

} // namespace birdhouse::ops
