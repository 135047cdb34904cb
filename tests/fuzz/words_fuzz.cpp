// Any bytes as a line of a datafile: words and comment lie in it, in order, with nothing but blanks between,
// and only a word that spells a directive finds one.
#include "base/text.hpp"
#include "syntax/datafile_words.hpp"
#include "syntax/directives.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace birdhouse;
    using namespace birdhouse::syntax;
    const std::string_view line(reinterpret_cast<const char*>(data), size);
    const auto require = [](bool holds) {
        if (!holds) {
            std::abort();
        }
    };
    const auto split = split_words(line);
    if (!split) {
        require(line.find_first_of("\"'") != std::string_view::npos);
        return 0;
    }
    std::size_t at = 0;
    for (const std::string_view word : split->words) {
        const auto begin = static_cast<std::size_t>(word.data() - line.data());
        require(!word.empty() && begin >= at && begin + word.size() <= size);
        require(trim(line.substr(at, begin - at)).empty());
        at = begin + word.size();
        const DirectiveRule* rule = find_directive(word);
        require(rule == nullptr || rule->name == to_upper_ascii(word));
    }
    require(trim(line.substr(at)) == trim(split->comment));
    require(unquoted_value(split->words).size() <=
            2 * size); // a quote ends a word: `"a"b` is joined as `"a" b`
    return 0;
}
