#include "server/api_result.hpp"

namespace birdhouse::server {

ApiError api_error(const Error& error) {
    switch (error.code) {
    case ExitCode::Usage:
    case ExitCode::Problems:
        return {400, error.message};
    case ExitCode::Refused:
        return {403, error.message};
    default:
        return {500, error.message};
    }
}

} // namespace birdhouse::server
