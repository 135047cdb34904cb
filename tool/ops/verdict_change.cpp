#include "ops/verdict_change.hpp"

#include "base/text.hpp"
#include "events/checker.hpp"
#include "events/explain.hpp"
#include "events/json_text.hpp"
#include "events/privacy.hpp"
#include "syntax/json_path.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace birdhouse::ops {

namespace {

using events::RowStatus;
using events::Verdict;

constexpr std::size_t kMostNames = 1'000; // of producers, and of keys: the input must not fill the memory
constexpr std::size_t kShownCharacters = 60;

void count(std::map<std::string, std::uint64_t>& counts, const std::string& name) {
    if (counts.size() < kMostNames || counts.contains(name)) {
        ++counts[name];
    }
}

std::set<std::string> dropped_paths(const events::EventSchema& schema, std::string_view row,
                                    const Verdict& verdict) {
    std::set<std::string> paths;
    for (const events::DroppedField& field : verdict.dropped) {
        std::string path = schema.path_of(field.parent);
        std::string key;
        events::append_unescaped(key, row.substr(field.begin + 1, field.end - field.begin - 2));
        syntax::append_json_path_key(path, key);
        paths.insert(std::move(path));
    }
    return paths;
}

// Where the value stands that tells producers.
struct ProducerPlace {
    std::string path;
    std::vector<std::string> keys;
    bool hidden = false; // it is a person's
};

const events::EventColumn* find_column(const events::EventSchema& schema, std::string_view name) {
    const auto found = std::find_if(schema.columns().begin(), schema.columns().end(),
                                    [&](const events::EventColumn& one) { return one.name == name; });
    return found == schema.columns().end() ? nullptr : &*found;
}

Result<ProducerPlace> find_producer(const std::string& by, const events::EventSchema& before,
                                    const events::EventSchema& after) {
    ProducerPlace place{by, {}, false};
    if (!by.starts_with('$')) {
        const events::EventColumn* column = find_column(after, by);
        column = column == nullptr ? find_column(before, by) : column;
        if (column == nullptr) {
            return Error{ExitCode::Usage, "no column with a JSON path is called " + backquoted(printable(by)),
                         "name a column, or a path: `--by '$.user_agent'`"};
        }
        place.path = column->path;
        place.hidden = column->privacy != model::Privacy::None;
    }
    const syntax::Parsed<syntax::JsonPath> path = syntax::parse_json_path(place.path);
    if (const syntax::SyntaxFault* fault = syntax::fault_of(path)) {
        return Error{ExitCode::Usage,
                     "the path " + backquoted(printable(place.path)) + " cannot be read: " + fault->message,
                     fault->help};
    }
    for (const syntax::JsonPathStep& step : std::get<syntax::JsonPath>(path).steps) {
        if (step.kind == syntax::JsonPathStep::Kind::Elements) {
            return Error{ExitCode::Usage,
                         backquoted(place.path) + " gives many values, and a row has one producer",
                         "name a column with one value"};
        }
        place.keys.push_back(step.key);
    }
    return place;
}

std::string producer_of(const events::JsonRow& row, const ProducerPlace& place) {
    std::optional<std::size_t> at = row.tokens().empty() ? std::nullopt : std::optional<std::size_t>(0);
    for (const std::string& key : place.keys) {
        at = at ? row.find_value(*at, key) : std::nullopt;
    }
    if (!at) {
        return "(none)";
    }
    if (place.hidden) {
        return "(hidden)";
    }
    const events::JsonToken& token = row.token(*at);
    std::string text;
    if (token.kind == events::JsonKind::String) {
        events::append_unescaped(text, row.inner(token));
    } else {
        text = row.slice(token);
    }
    return shorten(printable(events::mask_credentials(text)), kShownCharacters);
}

class Comparing {
public:
    Comparing(const events::EventSchema& before, const events::EventSchema& after,
              const std::optional<ProducerPlace>& producer, const VerdictChangeRequest& request)
        : before_(before), after_(after), checker_before_(before), checker_after_(after), producer_(producer),
          longest_line_(request.input.longest_line) {
        const std::size_t samples = request.input.most_samples;
        change_ = {after.datasource(),
                   request.from,
                   request.to,
                   {},
                   0,
                   0,
                   events::Tally(samples),
                   events::Tally(samples),
                   {},
                   {},
                   producer ? producer->path : "",
                   {},
                   {}};
    }

    void take(std::string_view input, const events::EventLine& line) {
        ++change_.all.rows;
        if (line.too_long) {
            return; // neither takes it
        }
        const events::RowPlace place{input, line.number};
        const Verdict& before = checker_before_.check(line.text);
        const Verdict& after = checker_after_.check(line.text);
        const bool was_taken = before.status == RowStatus::Accepted;
        const bool is_taken = after.status == RowStatus::Accepted;
        change_.taken_before += was_taken ? 1U : 0U;
        change_.taken_after += is_taken ? 1U : 0U;
        if (was_taken && !is_taken) {
            ++change_.all.refused_now;
            change_.refusals.add(after_, line.text, place, after);
        } else if (!was_taken && is_taken) {
            ++change_.all.taken_now;
            change_.mended.add(before_, line.text, place, before);
        } else if (was_taken && before.dropped.size() + after.dropped.size() != 0) {
            compare_fields(line.text, before, after);
        }
        if (producer_) {
            count_producer(was_taken, is_taken);
        }
    }

    VerdictChange finish(std::vector<RefusedInput> refused) {
        change_.refused_inputs = std::move(refused);
        return std::move(change_);
    }
    std::size_t longest_line() const { return longest_line_; }

private:
    void compare_fields(std::string_view row, const Verdict& before, const Verdict& after) {
        const std::set<std::string> dropped_before = dropped_paths(before_, row, before);
        const std::set<std::string> dropped_after = dropped_paths(after_, row, after);
        for (const std::string& path : dropped_before) {
            if (!dropped_after.contains(path)) {
                count(change_.stored_now, path);
            }
        }
        for (const std::string& path : dropped_after) {
            if (!dropped_before.contains(path)) {
                count(change_.lost_now, path);
            }
        }
    }

    void count_producer(bool was_taken, bool is_taken) {
        std::string name = producer_of(checker_after_.row(), *producer_);
        const bool full = change_.producers.size() >= kMostNames && !change_.producers.contains(name);
        RowCounts& counts = change_.producers[full ? "(others)" : name];
        ++counts.rows;
        counts.refused_now += was_taken && !is_taken ? 1U : 0U;
        counts.taken_now += !was_taken && is_taken ? 1U : 0U;
    }

    const events::EventSchema& before_;
    const events::EventSchema& after_;
    events::EventChecker checker_before_;
    events::EventChecker checker_after_;
    const std::optional<ProducerPlace>& producer_;
    std::size_t longest_line_;
    VerdictChange change_;
};

} // namespace

std::string_view to_string(ChangeWeight weight) {
    switch (weight) {
    case ChangeWeight::None:
        return "none";
    case ChangeWeight::Addition:
        return "addition";
    case ChangeWeight::Revision:
        return "revision";
    case ChangeWeight::Model:
        return "model";
    }
    return "";
}

bool breaks(const VerdictChange& change) { return change.all.refused_now != 0 || !change.lost_now.empty(); }

ChangeWeight weight_of(const VerdictChange& change) {
    if (breaks(change)) {
        const bool all = change.taken_before != 0 && change.all.refused_now == change.taken_before;
        return all ? ChangeWeight::Model : ChangeWeight::Revision;
    }
    const bool more = change.all.taken_now != 0 || !change.stored_now.empty();
    return more ? ChangeWeight::Addition : ChangeWeight::None;
}

Result<VerdictChange> compare_verdicts(const events::EventSchema& before, const events::EventSchema& after,
                                       const VerdictChangeRequest& request, Session& session) {
    std::optional<ProducerPlace> producer;
    if (!request.by.empty()) {
        TRY_ASSIGN(producer, find_producer(request.by, before, after));
    }
    Comparing comparing(before, after, producer, request);
    const auto take = [&](std::string_view input, const events::EventLine& line) -> Result<void> {
        comparing.take(input, line);
        return {};
    };
    TRY_ASSIGN(std::vector<RefusedInput> refused,
               read_events(request.input.files, session.in, request.input.longest_line, take));
    return comparing.finish(std::move(refused));
}

} // namespace birdhouse::ops
