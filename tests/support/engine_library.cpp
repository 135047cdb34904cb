#include "support/engine_library.hpp"

#include <cstdlib>
#include <iostream>
#include <string_view>

#include <catch2/catch.hpp>

namespace birdhouse::testing {

namespace {

// g++ tells by macros, clang by features.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#else
constexpr bool kSanitized = false;
#endif

// tests/remote_engine, with a library that it can load.
bool is_remote(const char* named) {
    const char* real = std::getenv("BIRDHOUSE_REMOTE_LIBCHDB");
    return named != nullptr && std::string_view(named).ends_with("libchdb_remote.so") && real != nullptr &&
           *real != '\0';
}

std::shared_ptr<engine::Library> load() {
    const char* named = std::getenv("BIRDHOUSE_LIBCHDB");
    if (kSanitized && !is_remote(named)) {
        std::cerr << "engine tests are skipped: libchdb does not load under this sanitizer\n";
        return nullptr;
    }
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
