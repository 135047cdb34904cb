// The small readers of `check`: names in expressions, SELECT lists, schedules, secrets, comments that ignore.
#include "ops/ignores.hpp"
#include "ops/rules/expression_names.hpp"
#include "ops/rules/limits.hpp"
#include "ops/rules/secrets.hpp"
#include "ops/rules/select_list.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace birdhouse;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto require = [](bool holds) {
        if (!holds) {
            std::abort();
        }
    };
    for (const ops::ExpressionName& name : ops::expression_names(text)) {
        require(name.begin < name.end && name.end <= size);
    }
    for (const std::string_view part : ops::expression_parts(text)) {
        ops::plain_name(part);
    }
    if (const auto list = ops::select_list(text)) {
        for (const ops::SelectedColumn& column : *list) {
            require(column.begin < column.end && column.end <= size);
        }
    }
    if (const auto pause = ops::shortest_pause(text)) {
        require(*pause > 0 && *pause < 60);
    }
    if (const auto secret = ops::find_secret(text)) {
        require(secret->begin < secret->end && secret->end <= size);
    }
    SourceMap sources;
    sources.add("a.datasource", std::string(text));
    const Diagnostics said = ops::apply_ignores({}, sources, [](const Code&) { return true; });
    require(said.empty() || !render_text(said, sources).empty());
    return 0;
}
