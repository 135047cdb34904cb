#include "support/engine_library.hpp"

#include <cstdlib>
#include <iostream>

#include <catch2/catch.hpp>

namespace birdhouse::testing {

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kAddressSanitizer = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool kAddressSanitizer = true;
#else
constexpr bool kAddressSanitizer = false;
#endif
#else
constexpr bool kAddressSanitizer = false;
#endif

std::shared_ptr<engine::Library> load() {
    if (kAddressSanitizer) {
        std::cerr << "engine tests are skipped: libchdb does not start under AddressSanitizer\n";
        return nullptr;
    }
    const char* named = std::getenv("BIRDHOUSE_LIBCHDB");
    // Test programs stand deeper in a build tree than birdhouse itself, so the root is named.
    auto library = engine::Library::load({named == nullptr ? "" : named, BIRDHOUSE_BINARY_DIR});
    if (!library && named != nullptr) {
        FAIL(library.error().message); // asked for by name: CI must not pass without it
    }
    if (!library) {
        std::cerr << "engine tests are skipped: " << library.error().message << "\n  " << library.error().hint
                  << "\n";
        return nullptr;
    }
    return std::move(library).value();
}

} // namespace

std::shared_ptr<engine::Library> engine_library() {
    static const std::shared_ptr<engine::Library> library = load(); // one half gigabyte a process is enough
    return library;
}

} // namespace birdhouse::testing
