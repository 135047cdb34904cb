// The engine for tests, or the news that there is none. Under AddressSanitizer libchdb crashes in its own
// static initialisers, so tests that need it are passed over there, and say so.
#pragma once

#include "engine/library.hpp"

#include <memory>

namespace birdhouse::testing {

// Null when the engine cannot be used here; the reason has then been printed. Loaded once a process.
std::shared_ptr<engine::Library> engine_library();

} // namespace birdhouse::testing

// Ends the test case, aloud, where there is no engine.
#define REQUIRE_ENGINE(library)                                                                              \
    const std::shared_ptr<birdhouse::engine::Library> library = birdhouse::testing::engine_library();        \
    if (library == nullptr) {                                                                                \
        WARN("skipped: it needs the engine");                                                                \
        return;                                                                                              \
    }                                                                                                        \
    static_assert(true, "asks for a semicolon")
