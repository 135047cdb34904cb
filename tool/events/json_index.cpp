// simdjson's first stage; the second is never run.
#include "events/json_index.hpp"

#include <algorithm>

#include <simdjson.h>

namespace birdhouse::events {

struct JsonIndex::Stage {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
};

JsonIndex::JsonIndex() : stage_(std::make_unique<Stage>()) {}
JsonIndex::~JsonIndex() = default;

const char* JsonIndex::build(std::string_view text) {
    if (text.size() > capacity_) {
        const std::size_t wanted = std::max<std::size_t>(text.size() + text.size() / 8, 4096);
        capacity_ = std::min(wanted, kLargestText);
        stage_->parser.reset(); // the old one first: both at once would double the peak
        const simdjson::error_code failure =
            simdjson::get_active_implementation()->create_dom_parser_implementation(capacity_, kDeepestValue,
                                                                                    stage_->parser);
        if (failure != simdjson::SUCCESS) {
            capacity_ = 0;
            return "there is no memory for a row of this size";
        }
    }
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    switch (stage_->parser->stage1(bytes, text.size(), simdjson::stage1_mode::regular)) {
    case simdjson::SUCCESS:
        return nullptr;
    case simdjson::UTF8_ERROR:
        return "the row is not UTF-8";
    case simdjson::UNCLOSED_STRING:
        return "a text is not closed";
    case simdjson::UNESCAPED_CHARS:
        return "a control character stands unescaped in a text";
    case simdjson::EMPTY:
        return "the row is empty";
    default:
        return "the row cannot be read";
    }
}

std::span<const std::uint32_t> JsonIndex::places() const {
    return {stage_->parser->structural_indexes.get(), stage_->parser->n_structural_indexes};
}

} // namespace birdhouse::events
