// The only file that knows RE2.
#include "events/text_pattern.hpp"

#include <re2/re2.h>

namespace birdhouse::events {

struct TextPattern::Expression {
    re2::RE2 compiled;
};

namespace {

constexpr std::size_t kLongestExpression = 1'000;
constexpr std::int64_t kMemory = std::int64_t{1} << 20U; // of an expression and its states

} // namespace

std::shared_ptr<const TextPattern> TextPattern::compile(std::string_view expression, std::string& fault) {
    if (expression.size() > kLongestExpression) {
        fault = "it is longer than " + std::to_string(kLongestExpression) + " bytes";
        return nullptr;
    }
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMemory);
    std::unique_ptr<Expression> compiled(
        new Expression{re2::RE2(re2::StringPiece(expression.data(), expression.size()), options)});
    if (!compiled->compiled.ok()) {
        fault = compiled->compiled.error();
        return nullptr;
    }
    return std::shared_ptr<const TextPattern>(new TextPattern(std::move(compiled)));
}

TextPattern::TextPattern(std::unique_ptr<Expression> expression) : expression_(std::move(expression)) {}
TextPattern::~TextPattern() = default;

bool TextPattern::matches(std::string_view text) const {
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), expression_->compiled);
}

} // namespace birdhouse::events
