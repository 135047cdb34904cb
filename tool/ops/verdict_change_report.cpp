// What two schemas make of the same events, as text and as JSON.
#include "base/text.hpp"
#include "ops/tally_report.hpp"
#include "ops/verdict_change.hpp"

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

using Json = nlohmann::ordered_json;

std::string sentence(const VerdictChange& change) {
    std::vector<std::string> parts;
    const auto part = [&](std::uint64_t count, std::string_view noun, std::string_view rest) {
        if (count != 0) {
            parts.push_back(counted(count, noun) + std::string(rest));
        }
    };
    part(change.all.refused_now, "row",
         change.all.refused_now == 1 ? " that was taken is refused" : " that were taken are refused");
    part(change.lost_now.size(), "key",
         change.lost_now.size() == 1 ? " that was stored is lost" : " that were stored are lost");
    part(change.all.taken_now, "row",
         change.all.taken_now == 1 ? " that was refused is taken" : " that were refused are taken");
    part(change.stored_now.size(), "key",
         change.stored_now.size() == 1 ? " that was dropped is stored" : " that were dropped are stored");
    return parts.empty() ? "every row fares as before" : join(parts, ", ");
}

void append_keys(std::string& out, std::string_view title, const std::map<std::string, std::uint64_t>& keys) {
    if (keys.empty()) {
        return;
    }
    out += "\n" + std::string(title) + ":\n";
    for (const auto& [path, count] : keys) {
        out += "  " + printable(path) + ": " + counted(count, "time") + "\n";
    }
}

void append_producers(std::string& out, const VerdictChange& change) {
    std::string lines;
    for (const auto& [name, counts] : change.producers) {
        if (counts.refused_now + counts.taken_now != 0) {
            lines += "  " + (name.empty() ? std::string("(empty)") : name) + ": " +
                     with_thousands(counts.refused_now) + " of " + counted(counts.rows, "row") +
                     " refused now, " + with_thousands(counts.taken_now) + " taken now\n";
        }
    }
    if (!change.by.empty()) {
        out += "\nproducers by " + printable(change.by) + " whose rows change their verdict:\n" +
               (lines.empty() ? std::string("  none\n") : lines);
    }
}

Json keys_json(const std::map<std::string, std::uint64_t>& keys) {
    Json list = Json::array();
    for (const auto& [path, count] : keys) {
        list.push_back({{"path", path}, {"count", count}});
    }
    return list;
}

Json producers_json(const VerdictChange& change) {
    Json list = Json::array();
    for (const auto& [name, counts] : change.producers) {
        list.push_back({{"producer", name},
                        {"rows", counts.rows},
                        {"refused_now", counts.refused_now},
                        {"taken_now", counts.taken_now}});
    }
    return list;
}

} // namespace

std::string render_text(const VerdictChange& change, const events::EventSchema& before,
                        const events::EventSchema& after) {
    std::string out;
    for (const RefusedInput& input : change.refused_inputs) {
        out += printable(input.name) + ": error[E025]: " + input.message + "\n  = help: " + input.help + "\n";
    }
    out += printable(change.datasource) + " from " + printable(change.from) + " to " + printable(change.to) +
           ": " + counted(change.all.rows, "row") + "\n" + std::string(to_string(weight_of(change))) + ": " +
           sentence(change) + "\n";
    append_table(out, "refused now, and taken before", change.refusals.reasons(), after, false);
    append_table(out, "taken now, and refused before", change.mended.reasons(), before, false);
    append_keys(out, "lost now, and stored before", change.lost_now);
    append_keys(out, "stored now, and dropped before", change.stored_now);
    append_producers(out, change);
    return out;
}

std::string render_json(const VerdictChange& change, const events::EventSchema& before,
                        const events::EventSchema& after) {
    Json inputs = Json::array();
    for (const RefusedInput& input : change.refused_inputs) {
        inputs.push_back(
            {{"code", "E025"}, {"file", input.name}, {"text", input.message}, {"help", input.help}});
    }
    const Json json = {{"datasource", change.datasource},
                       {"from", change.from},
                       {"to", change.to},
                       {"change", to_string(weight_of(change))},
                       {"rows", change.all.rows},
                       {"taken_before", change.taken_before},
                       {"taken_after", change.taken_after},
                       {"refused_now", change.all.refused_now},
                       {"taken_now", change.all.taken_now},
                       {"refusals", table_json(change.refusals.reasons(), after, false)},
                       {"mended", table_json(change.mended.reasons(), before, false)},
                       {"lost_keys", keys_json(change.lost_now)},
                       {"stored_keys", keys_json(change.stored_now)},
                       {"by", change.by.empty() ? Json() : Json(change.by)},
                       {"producers", producers_json(change)},
                       {"refused_inputs", std::move(inputs)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace birdhouse::ops
