// The engine for tests, or the news that there is none. Under AddressSanitizer and ThreadSanitizer libchdb
// does not load: tests that need it ask it in a process of its own (tests/remote_engine), or are passed over
// and say so.
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
