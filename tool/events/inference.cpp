#include "events/inference.hpp"

#include "base/text.hpp"
#include "events/json_text.hpp"
#include "syntax/json_path.hpp"

#include <algorithm>
#include <set>

namespace birdhouse::events {

namespace {

using syntax::JsonPath;
using syntax::JsonPathStep;

constexpr std::size_t kMostKeys = 64;      // of one object below an event: more are data, not names
constexpr std::size_t kMostPlaces = 2'000; // in all
constexpr int kDeepest = 8;                // below that objects are kept as their text
// So many texts at least, each seen twenty times on average: a list of words.
constexpr std::uint64_t kEnoughTexts = 100;
constexpr std::uint64_t kTimesEach = 20;

// `from`: where it is expected; the keys of a row mostly stand as those of the row before.
PlaceEvidence* find(PlaceEvidence& place, std::string_view key, std::size_t from) {
    const std::size_t count = place.children.size();
    for (std::size_t step = 0; step < count; ++step) {
        PlaceEvidence& child = place.children[(from + step) % count];
        if (child.key == key) {
            return &child;
        }
    }
    return nullptr;
}

} // namespace

void Inference::add(const JsonRow& row) {
    ++rows_;
    add_value(root_, row, 0, 0);
}

void Inference::add_value(PlaceEvidence& place, const JsonRow& row, std::size_t index, int depth) {
    const JsonToken& token = row.token(index);
    place.own.add(row.slice(token));
    if (depth == kDeepest) {
        return;
    }
    if (token.kind == JsonKind::Object) {
        add_object(place, row, index, depth);
    } else if (token.kind == JsonKind::Array) {
        if (place.elements == nullptr) {
            place.elements = std::make_unique<PlaceEvidence>();
        }
        for (std::size_t at = index + 1; at < token.next; at = row.token(at).next) {
            add_value(*place.elements, row, at, depth + 1);
        }
    }
}

void Inference::add_object(PlaceEvidence& place, const JsonRow& row, std::size_t index, int depth) {
    std::set<std::string, std::less<>> seen;
    std::size_t expected = 0;
    std::string key;
    for (std::size_t at = index + 1; at < row.token(index).next; at = row.token(at + 1).next) {
        key.clear();
        append_unescaped(key, row.inner(row.token(at)));
        if (!seen.insert(key).second) {
            continue;
        }
        place.below.add(row.slice(row.token(at + 1)));
        if (PlaceEvidence* child = child_of(place, key, expected, depth)) {
            expected = static_cast<std::size_t>(child - place.children.data()) + 1;
            add_value(*child, row, at + 1, depth + 1);
        }
    }
}

// Null when there are too many already.
PlaceEvidence* Inference::child_of(PlaceEvidence& place, const std::string& key, std::size_t expected,
                                   int depth) {
    if (PlaceEvidence* known = find(place, key, expected)) {
        return known;
    }
    const bool full = places_ == kMostPlaces || (depth != 0 && place.children.size() == kMostKeys);
    if (place.crowded || full) {
        place.crowded = true;
        return nullptr;
    }
    ++places_;
    PlaceEvidence& child = place.children.emplace_back();
    child.key = key;
    return &child;
}

namespace {

std::string column_name(const JsonPath& path) {
    std::string name;
    for (const JsonPathStep& step : path.steps) {
        if (step.kind == JsonPathStep::Kind::Key) {
            name += (name.empty() ? "" : "_") + step.key;
        }
    }
    for (char& c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        c = plain ? c : '_';
    }
    return name.empty() || (name[0] >= '0' && name[0] <= '9') ? "_" + name : name;
}

// "3 texts, 1 number".
std::string kinds_text(const ValueEvidence& evidence) {
    std::vector<std::string> parts;
    const auto part = [&](std::uint64_t count, std::string_view noun) {
        if (count != 0) {
            parts.push_back(counted(count, noun));
        }
    };
    part(evidence.texts, "text");
    part(evidence.numbers(), "number");
    part(evidence.truths, "truth value");
    part(evidence.objects, "object");
    part(evidence.arrays, "array");
    return join(parts, ", ");
}

bool is_list_of_words(const ValueEvidence& evidence) {
    return evidence.texts >= kEnoughTexts && !evidence.words.is_full() &&
           evidence.words.size() * kTimesEach <= evidence.texts;
}

std::string nullable(const std::string& type, bool is_nullable) {
    return is_nullable ? "Nullable(" + type + ")" : type;
}

// Seconds or milliseconds since 1970, by the length of the numbers; from 2001 to 2286.
std::string_view epoch_unit(const ValueEvidence& evidence) {
    constexpr std::size_t kSeconds = 10;
    constexpr std::size_t kMilliseconds = 13;
    const bool alike = evidence.fractions == 0 && evidence.smallest.size() == evidence.largest.size() &&
                       !evidence.smallest.starts_with('-');
    return !alike                                     ? ""
           : evidence.largest.size() == kSeconds      ? "seconds"
           : evidence.largest.size() == kMilliseconds ? "milliseconds"
                                                      : "";
}

class Proposing {
public:
    Proposing(Proposal& proposal, std::uint64_t rows) : proposal_(proposal), rows_(rows) {}

    void add_children(const PlaceEvidence& place, const JsonPath& path) {
        for (const PlaceEvidence& child : place.children) {
            JsonPath below = path;
            below.steps.push_back({JsonPathStep::Kind::Key, child.key});
            add(child, below);
        }
    }

private:
    void add(const PlaceEvidence& place, const JsonPath& path) {
        const ValueEvidence& own = place.own;
        if (own.kinds() == 0) {
            add_text(place, path, "only null was seen: the type is a guess");
        } else if (own.kinds() > 1) {
            add_text(place, path, kinds_text(own) + ": only a text holds them all");
        } else if (own.objects != 0) {
            add_object(place, path);
        } else if (own.arrays != 0) {
            add_array(place, path);
        } else {
            add_scalar(place, path);
        }
    }

    void add_text(const PlaceEvidence& place, const JsonPath& path, const std::string& note) {
        add_column(path, nullable("String", is_missing(place)), {}, {note});
    }

    void add_scalar(const PlaceEvidence& place, const JsonPath& path) {
        const ValueEvidence& own = place.own;
        const std::string type = nullable(scalar_type(own), is_missing(place));
        const bool words = own.texts != 0 && scalar_type(own) == "String" && is_list_of_words(own);
        std::vector<std::string> notes;
        if (own.texts != 0 && own.texts == own.whole_numbers) {
            notes.emplace_back("all texts are whole numbers");
        }
        if (own.numbers() != 0 && own.fractions == 0 && own.smallest == own.largest && own.largest == "0") {
            notes.emplace_back("only 0 was seen: the type is a guess");
        }
        if (own.dates != 0 && own.times != 0) {
            notes.push_back(counted(own.dates, "date") + " and " + counted(own.times, "time") +
                            ": only a text holds both");
        }
        if (const std::string_view unit = epoch_unit(own); !unit.empty() && own.numbers() != 0) {
            notes.push_back("perhaps " + std::string(unit) + " since 1970; a DateTime is sent as a text");
        }
        add_column(path, words ? "LowCardinality(" + type + ")" : type, {}, notes);
    }

    void add_object(const PlaceEvidence& place, const JsonPath& path) {
        if (place.children.empty() && !place.crowded) {
            add_column(path, nullable("String", is_missing(place)), {},
                       {"no keys that columns could be made of: kept as text"});
            return;
        }
        if (!place.crowded) {
            add_children(place, path);
            return;
        }
        const ValueEvidence& below = place.below;
        const bool scalar = below.kinds() == 1 && below.objects == 0 && below.arrays == 0;
        const std::string note = "more than " + std::to_string(kMostKeys) + " different keys: they are data";
        if (scalar) {
            add_column(path, "Map(String, " + nullable(scalar_type(below), below.nulls != 0) + ")",
                       is_missing(place) ? "map()" : "", {note});
        } else {
            add_text(place, path, note);
        }
    }

    void add_array(const PlaceEvidence& place, JsonPath path) {
        const PlaceEvidence empty;
        const PlaceEvidence& elements = place.elements == nullptr ? empty : *place.elements;
        const ValueEvidence& own = elements.own;
        const std::string fallback = is_missing(place) ? "[]" : "";
        const bool fields = own.kinds() == 1 && own.objects != 0 && own.nulls == 0 && !elements.crowded &&
                            are_scalars(elements.children);
        JsonPath all = path;
        all.steps.push_back({JsonPathStep::Kind::Elements, ""});
        if (fields) {
            for (const PlaceEvidence& field : elements.children) {
                JsonPath below = all;
                below.steps.push_back({JsonPathStep::Kind::Key, field.key});
                const bool gaps = field.own.nulls != 0 || field.own.values() < own.objects;
                add_column(below, "Array(" + nullable(scalar_type(field.own), gaps) + ")", fallback, {});
            }
        } else if (own.kinds() == 1 && own.objects == 0 && own.arrays == 0) {
            add_column(all, "Array(" + nullable(scalar_type(own), own.nulls != 0) + ")", fallback, {});
        } else if (own.kinds() == 0) {
            add_column(all, "Array(" + nullable("String", own.nulls != 0) + ")", fallback,
                       {"no element was seen: the type is a guess"});
        } else {
            add_text(place, path, "arrays of " + kinds_text(own) + ": kept as text");
        }
    }

    static bool are_scalars(const std::vector<PlaceEvidence>& places) {
        return !places.empty() && std::all_of(places.begin(), places.end(), [](const PlaceEvidence& place) {
            return place.own.kinds() == 1 && place.own.objects == 0 && place.own.arrays == 0;
        });
    }

    // Null, or not there at all, in some row.
    bool is_missing(const PlaceEvidence& place) const { return place.own.values() < rows_; }

    void add_column(const JsonPath& path, const std::string& type, const std::string& fallback,
                    std::vector<std::string> notes) {
        model::Column column;
        column.name = column_name(path);
        for (int number = 2; model::find_column(proposal_.datasource, column.name) != nullptr; ++number) {
            column.name = column_name(path) + "_" + std::to_string(number);
        }
        column.type = type;
        column.json_path = syntax::write_json_path(path);
        if (!fallback.empty()) {
            column.default_expression = fallback;
        }
        if (!notes.empty()) {
            proposal_.notes[column.name] = std::move(notes);
        }
        proposal_.datasource.columns.push_back(std::move(column));
    }

    Proposal& proposal_;
    std::uint64_t rows_;
};

// Sorted by what there is little of, then by time: what queries mostly ask for.
void propose_keys(model::Datasource& datasource) {
    constexpr std::size_t kMostWords = 2;
    std::vector<std::string> key;
    std::string time;
    for (const model::Column& column : datasource.columns) {
        if (column.type == "LowCardinality(String)" && key.size() < kMostWords) {
            key.push_back(column.name);
        }
        const bool moment = column.type.starts_with("Date");
        time = time.empty() && moment ? column.name : time;
    }
    if (!time.empty()) {
        key.push_back(time);
        datasource.engine.partition_key = "toYYYYMM(" + time + ")";
    }
    datasource.engine.sorting_key = key.empty() ? "tuple()" : join(key, ", ");
}

} // namespace

Proposal Inference::propose(std::string name) const {
    Proposal proposal;
    proposal.datasource.name = std::move(name);
    Proposing(proposal, rows_).add_children(root_, {});
    proposal.complete = !root_.crowded;
    propose_keys(proposal.datasource);
    return proposal;
}

} // namespace birdhouse::events
