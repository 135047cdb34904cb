#include "fixture.hpp"

#include "base/text.hpp"
#include "support/golden.hpp"

#include <algorithm>
#include <array>

#include <catch2/catch.hpp>

namespace birdhouse::testing {

namespace {

constexpr std::string_view kSeparator = "---\n";

void set_option(model::Column& column, std::string_view word, std::string_view value) {
    if (word == "default") {
        column.default_expression = std::string(value);
    } else if (word == "allowed") {
        for (const std::string_view one : split(value, ',')) {
            column.allowed.emplace_back(trim(one));
        }
    } else if (word == "range") {
        const std::size_t dots = value.find("..");
        const auto bound = [](std::string_view text) {
            return text.empty() ? std::nullopt : std::optional(std::string(text));
        };
        column.range = model::ValueRange{bound(value.substr(0, dots)), bound(value.substr(dots + 2))};
    } else if (word == "max_chars") {
        column.max_chars = static_cast<std::uint32_t>(std::stoul(std::string(value)));
    } else if (word == "pattern") {
        column.pattern = std::string(value);
    } else if (word == "privacy") {
        column.privacy = model::parse_privacy(value).value_or(model::Privacy::None);
    } else {
        FAIL("unknown option " << word);
    }
}

model::Column parse_column(std::string_view line, Span where) {
    model::Column column;
    column.origin.span = where;
    const std::vector<std::string_view> fields = split(line, '|');
    REQUIRE(fields.size() >= 3);
    column.name = trim(fields[0]);
    column.type = trim(fields[1]);
    if (trim(fields[2]) != "-") {
        column.json_path = std::string(trim(fields[2]));
    }
    for (std::size_t i = 3; i < fields.size(); ++i) {
        const std::string_view option = trim(fields[i]);
        const std::size_t blank = std::min(option.find(' '), option.size());
        set_option(column, option.substr(0, blank), trim(option.substr(blank)));
    }
    return column;
}

void set_rule(model::IngestionRules& rules, std::string_view word) {
    if (word == "strict") {
        rules = model::strict_ingestion();
        return;
    }
    if (word == "null_with_default quarantine") {
        rules.null_with_default = model::NullWithDefault::Quarantine;
        return;
    }
    const bool value = !word.starts_with("no ");
    word.remove_prefix(value ? 0 : 3);
    const auto switches = std::to_array<std::pair<std::string_view, bool*>>({
        {"numeric_text_into_wide_integers", &rules.numeric_text_into_wide_integers},
        {"numeric_text_into_narrow_integers", &rules.numeric_text_into_narrow_integers},
        {"epoch_into_datetime", &rules.epoch_into_datetime},
        {"structures_into_string", &rules.structures_into_string},
        {"scalars_into_string", &rules.scalars_into_string},
        {"boolean_into_uint8", &rules.boolean_into_uint8},
        {"fraction_into_datetime", &rules.fraction_into_datetime},
        {"offset_in_times", &rules.offset_in_times},
        {"unknown_keys", &rules.unknown_keys},
    });
    const auto* found =
        std::find_if(switches.begin(), switches.end(), [&](const auto& one) { return one.first == word; });
    if (found == switches.end()) {
        FAIL("unknown ingestion rule " << word);
    }
    *found->second = value;
}

} // namespace

EventCase parse_event_case(const std::string& name, std::string_view text) {
    EventCase event_case;
    const std::size_t end = std::min(text.find(kSeparator), text.size());
    event_case.events = text.substr(std::min(end + kSeparator.size(), text.size()));
    const SourceId source = event_case.sources.add(name, std::string(text.substr(0, end)));
    std::uint32_t begin = 0;
    for (const std::string_view line : split(text.substr(0, end), '\n')) {
        const Span where{source, begin, begin + static_cast<std::uint32_t>(line.size())};
        begin = where.end + 1;
        const std::string_view rest = trim(line.substr(std::min(line.find(' '), line.size())));
        if (line.starts_with("datasource ")) {
            event_case.datasource.name = rest;
            event_case.datasource.origin.span = where;
        } else if (line.starts_with("ingest ")) {
            set_rule(event_case.rules, rest);
        } else if (line.starts_with("rule ")) {
            event_case.datasource.rules.emplace_back(rest);
        } else if (line.starts_with("column ")) {
            event_case.datasource.columns.push_back(parse_column(rest, where));
        }
    }
    return event_case;
}

EventCase read_event_case(const std::filesystem::path& file) {
    return parse_event_case(file.filename().string(), read_text(file));
}

events::EventSchema compiled(const EventCase& event_case) {
    Diagnostics problems;
    std::optional<events::EventSchema> schema =
        events::EventSchema::compile(event_case.datasource, event_case.rules, event_case.privacy, problems);
    INFO(render_text(problems, event_case.sources));
    REQUIRE(schema);
    return *std::move(schema);
}

EventCase one_column(const std::string& type, const std::string& options) {
    return parse_event_case("one column", "datasource d\ncolumn v | " + type + " | $.v" +
                                              (options.empty() ? "" : " | " + options) + "\n---\n");
}

} // namespace birdhouse::testing
