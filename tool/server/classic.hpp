// A workspace of the Classic generation: one request changes one resource, and each is a build of all of them
// with that one changed. What the real service keeps silent about is kept silent about here as well: the
// order of columns and JSON paths of an alter are not looked at.
#pragma once

#include "server/routes.hpp"

namespace birdhouse::server {

RouteAnswer classic_create_datasource(const Call& call);
RouteAnswer classic_alter(const Call& call);
RouteAnswer classic_drop_datasource(const Call& call);
RouteAnswer classic_write_pipe(const Call& call);
RouteAnswer classic_publish(const Call& call);
RouteAnswer classic_drop_pipe(const Call& call);
// Datafiles say which tokens a resource has: they follow a token that was changed.
ApiStatus classic_follow_tokens(const Call& call);

// What a change of the other generation is answered with.
ApiError only_forward();

} // namespace birdhouse::server
