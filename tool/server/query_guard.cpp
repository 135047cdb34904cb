#include "server/query_guard.hpp"

#include "base/text.hpp"
#include "codec/query_rules.hpp"
#include "codec/service_tables.hpp"
#include "syntax/sql_tokens.hpp"

#include <array>
#include <charconv>

namespace birdhouse::server {

namespace {

struct Limit {
    std::string_view setting;
    double of_request = 0;
    double of_pipe = 0;
};
constexpr auto kLimits =
    std::to_array<Limit>({{"max_execution_time", 10, 3600}, {"max_memory_usage", 4e9, 32e9}});

ApiStatus guard_table(const syntax::SqlTable& table) {
    // Of the system, the rules for pipes let in the harmless tables alone; what the service tells is empty
    // here.
    if (table.database.empty() || codec::is_system_database(table.database) ||
        codec::is_service_database(table.database)) {
        return Done{};
    }
    return ApiError{403, backquoted(table.database + "." + table.name) +
                             " is in another database: a workspace sees its own resources, by their names"};
}

ApiStatus guard_setting(const syntax::SqlSetting& setting, QueryOrigin origin) {
    for (const Limit& limit : kLimits) {
        if (setting.name != limit.setting) {
            continue;
        }
        const double most = origin == QueryOrigin::Request ? limit.of_request : limit.of_pipe;
        double value = 0;
        const char* const end = setting.value.data() + setting.value.size();
        const auto [rest, error] = std::from_chars(setting.value.data(), end, value);
        if (error != std::errc() || rest != end || !(value > 0 && value <= most)) { // 0 would be no limit
            return ApiError{400, "Usage of setting '" + setting.name + "' is restricted: above 0, and " +
                                     with_thousands(static_cast<std::uint64_t>(most)) + " at most"};
        }
    }
    return Done{};
}

// `{name:Identifier}` would name a table by the value of a parameter.
ApiStatus guard_parameters(std::string_view sql) {
    for (const syntax::SqlToken& token : syntax::tokenize_sql(sql)) {
        const std::string text = to_lower_ascii(syntax::text_of(token, sql));
        if (token.kind == syntax::SqlTokenKind::Parameter &&
            text.find("identifier", text.find(':')) != std::string::npos) {
            return ApiError{403, "a query names its tables itself: parameters of the type Identifier are "
                                 "not open to queries"};
        }
    }
    return Done{};
}

} // namespace

ApiStatus guard_query(std::string_view sql, const syntax::SqlOutline& outline, QueryOrigin origin) {
    for (const syntax::SqlTable& table : outline.tables) {
        TRY(guard_table(table));
    }
    for (const syntax::SqlSetting& setting : outline.settings) {
        TRY(guard_setting(setting, origin));
    }
    return guard_parameters(sql);
}

} // namespace birdhouse::server
