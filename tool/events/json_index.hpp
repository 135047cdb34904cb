// Where JSON's structure stands: the offsets of `{ } [ ] : ,` and of the first byte of every text and scalar,
// found by simdjson with the best instructions the machine has, and UTF-8 checked on the way. Grammar is the
// readers' affair.
//
// Not simdjson's on-demand front end: it picks its instructions when it is compiled, gives a value only
// once (one key may feed several columns), and passes over what is not asked for without reading it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace birdhouse::events {

inline constexpr int kDeepestValue = 128;
inline constexpr std::size_t kLargestText = UINT32_MAX; // offsets have 32 bits
// How many bytes behind a text readers may look at, so that they need not ask for its end at every step.
inline constexpr std::size_t kTextPadding = 64;

class JsonIndex {
public:
    JsonIndex();
    JsonIndex(const JsonIndex&) = delete;
    JsonIndex& operator=(const JsonIndex&) = delete;
    ~JsonIndex();

    // The complaint, or null. A fault anywhere in `text` makes it fail as a whole.
    const char* build(std::string_view text);

    // Holds until the next call. Behind the last place stands one more, the length of the text.
    std::span<const std::uint32_t> places() const;

private:
    struct Stage;
    std::unique_ptr<Stage> stage_;
    std::size_t capacity_ = 0;
};

} // namespace birdhouse::events
