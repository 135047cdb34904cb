// Regular expressions for the rule `pattern`, matched in time linear in the text whatever the expression: an
// event must not be able to keep the checker busy. RE2 is also what ClickHouse's own `match` uses.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace birdhouse::events {

class TextPattern {
public:
    // `fault` says what is wrong with the expression; then there is no pattern.
    static std::shared_ptr<const TextPattern> compile(std::string_view expression, std::string& fault);
    ~TextPattern();
    TextPattern(const TextPattern&) = delete;
    TextPattern& operator=(const TextPattern&) = delete;

    // Somewhere in the text, unless the expression has anchors. Threads may ask at once.
    bool matches(std::string_view text) const;

private:
    struct Expression;
    explicit TextPattern(std::unique_ptr<Expression> expression);
    std::unique_ptr<Expression> expression_;
};

} // namespace birdhouse::events
