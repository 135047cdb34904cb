#include "server/closed_functions.hpp"

#include "base/text.hpp"
#include "syntax/sql_tokens.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace birdhouse::server {

namespace {

// In lower case, since some of the engine's functions are found in any. As of ClickHouse 26.7; the test of
// this file looks for new ones that read files.
constexpr auto kNames = std::to_array<std::string_view>({"addresstoline",
                                                         "addresstolinewithinlines",
                                                         "addresstosymbol",
                                                         "aiclassify",
                                                         "aiembed",
                                                         "aiextract",
                                                         "aigenerate",
                                                         "aitranslate",
                                                         "catboostevaluate",
                                                         "file",
                                                         "filesystemavailable",
                                                         "filesystemcapacity",
                                                         "filesystemunreserved",
                                                         "getclienthttpheader",
                                                         "getmacro",
                                                         "getmergetreesetting",
                                                         "getserversetting",
                                                         "hascolumnintable",
                                                         "joinget",
                                                         "joingetornull",
                                                         "naivebayesclassifier",
                                                         "naivebayesclassifierwithallprobs",
                                                         "naivebayesclassifierwithprob",
                                                         "showcertificate",
                                                         "zookeepersessionuptime"});
constexpr std::string_view kDictionaries = "dict"; // dictGet, dictHas and all of their kind

bool is_closed(std::string_view name) {
    return name.starts_with(kDictionaries) || std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

ApiError refusal(std::string_view name) {
    return {403, "the function `" + std::string(name) + "` is not open to queries"};
}

} // namespace

std::optional<ClosedFunction> find_closed_function(std::string_view sql) {
    std::vector<syntax::SqlToken> tokens = syntax::tokenize_sql(sql);
    std::erase_if(tokens, [](const syntax::SqlToken& token) { return !syntax::is_significant(token); });
    std::optional<ClosedFunction> bare;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const bool is_name = tokens[i].kind == syntax::SqlTokenKind::Word ||
                             tokens[i].kind == syntax::SqlTokenKind::QuotedName;
        const std::string name = is_name ? syntax::name_of(tokens[i], sql) : std::string();
        if (!is_name || !is_closed(to_lower_ascii(name))) {
            continue;
        }
        if (i + 1 < tokens.size() && syntax::text_of(tokens[i + 1], sql) == "(") {
            return ClosedFunction{name, true};
        }
        if (!bare) {
            bare = ClosedFunction{name, false};
        }
    }
    return bare;
}

ApiStatus refuse_closed_functions(std::string_view query, target::SqlChannel& engine) {
    const std::optional<ClosedFunction> found = find_closed_function(query);
    if (!found) {
        return Done{};
    }
    if (found->is_call) {
        return refusal(found->name);
    }
    const Result<target::QueryResult> tree =
        engine.query("EXPLAIN QUERY TREE passes = 1 " + std::string(query), "TSVRaw", {});
    if (!tree) {
        return Done{}; // refused in the same way when it is run
    }
    constexpr std::string_view kMark = "function_name: ";
    const std::string& text = tree->bytes;
    for (std::size_t at = text.find(kMark); at != std::string::npos; at = text.find(kMark, at + 1)) {
        const std::size_t begin = at + kMark.size();
        const std::string name = text.substr(begin, text.find(',', begin) - begin);
        if (is_closed(to_lower_ascii(name))) {
            return refusal(name);
        }
    }
    return Done{};
}

} // namespace birdhouse::server
