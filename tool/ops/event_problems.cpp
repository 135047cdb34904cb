#include "ops/event_problems.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "ops/fix_hints.hpp"

#include <algorithm>

namespace birdhouse::ops {

namespace {

ProblemPlace place_of(const events::Sample& sample) {
    const auto line = static_cast<std::uint32_t>(std::min<std::uint64_t>(sample.line, UINT32_MAX));
    return {sample.file, line, static_cast<std::uint32_t>(sample.column), line,
            static_cast<std::uint32_t>(sample.end_column)};
}

std::string shared_by(std::uint64_t count) {
    return count == 1 ? "" : ", " + with_thousands(count) + " times in all";
}

class Problems {
public:
    Problems(const EventReport& report, const events::EventSchema& schema)
        : report_(report), schema_(schema) {}

    std::vector<PlacedProblem> all() {
        for (const RefusedInput& input : report_.refused_inputs) {
            problems_.push_back(
                {&codes::E025, printable(input.message), input.help, ProblemPlace{input.name}, {}});
        }
        add(report_.tally.reasons());
        add(report_.tally.broken_rules());
        add(report_.tally.warnings());
        for (const events::DroppedKeys& keys : report_.tally.dropped()) {
            const std::string message = "no column takes " + backquoted(printable(keys.path));
            add(codes::E040, message, keys.entry, hint_for([&] { return fix_hint(keys); }));
        }
        return std::move(problems_);
    }

private:
    void add(const events::TallyTable& table) {
        for (const auto& [key, entry] : table) {
            const bool placeless = entry.samples.empty();
            const std::string column =
                key.column == events::kNoColumn ? "" : backquoted(schema_.columns()[key.column].name) + ": ";
            add(*key.code, placeless ? column + std::string(key.code->title) : std::string(), entry,
                hint_for([&, &key = key, &entry = entry] { return fix_hint(schema_, key, entry); }));
        }
    }

    // Empty unless hints were asked for.
    template <class Hint>
    std::string hint_for(Hint hint) const {
        return report_.tally.gathers() ? printable(one_line(hint())) : std::string();
    }

    // `message`: of entries whose samples have no texts.
    void add(const Code& code, const std::string& message, const events::TallyEntry& entry,
             const std::string& help) {
        if (entry.samples.empty()) {
            problems_.push_back({&code, message + shared_by(entry.count), help, {}, {}});
        }
        for (const events::Sample& sample : entry.samples) {
            const std::string& text = sample.text.empty() ? message : sample.text;
            problems_.push_back(
                {&code, printable(text) + shared_by(entry.count), help, place_of(sample), {}});
        }
    }

    const EventReport& report_;
    const events::EventSchema& schema_;
    std::vector<PlacedProblem> problems_;
};

} // namespace

PlacedReport event_problems(const EventReport& report, const events::EventSchema& schema,
                            const std::string& version) {
    return {Problems(report, schema).all(), report.inputs, "validate", version, "", false};
}

} // namespace birdhouse::ops
