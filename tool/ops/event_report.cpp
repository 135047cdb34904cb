#include "ops/event_report.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "ops/fix_hints.hpp"
#include "ops/tally_report.hpp"

#include <array>
#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

using Json = nlohmann::ordered_json;
using events::Sample;

// "llm_events: 12 rows: 9 accepted, 2 quarantined, 1 not an event"
std::string headline(const EventReport& report) {
    const events::Tally& tally = report.tally;
    std::string line = printable(report.datasource) + ": " + counted(tally.rows(), "row") + ": " +
                       with_thousands(tally.accepted()) + " accepted";
    const auto add = [&](std::uint64_t count, std::string_view what) {
        line += count == 0 ? "" : ", " + with_thousands(count) + " " + std::string(what);
    };
    add(tally.quarantined(), "quarantined");
    add(tally.not_events(), tally.not_events() == 1 ? "not an event" : "not events");
    if (tally.rule_breaking() != 0) {
        line += "; " + with_thousands(tally.rule_breaking()) + " of the accepted " +
                (tally.rule_breaking() == 1 ? "breaks a rule" : "break a rule");
    }
    return line + "\n";
}

std::string percent(double share) {
    constexpr double kHundred = 100;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.*f", share != 0 && share < 0.001 ? 4 : 1, share * kHundred);
    return text.data();
}

// How much of the input would end in quarantine or nowhere.
std::string rate_line(const EventReport& report) {
    const RefusalRate rate = refusal_rate(report.tally);
    if (report.one_row_in > 1) {
        return "about " + percent(rate.rate) + " % of the rows are refused, with 95 % certainty between " +
               percent(rate.low) + " and " + percent(rate.high) + " %: one row in " +
               with_thousands(report.one_row_in) + " was checked\n";
    }
    return rate.rate == 0 ? "" : percent(rate.rate) + " % of the rows are refused\n";
}

void append_dropped(std::string& out, const events::Tally& tally, bool with_hints) {
    const std::vector<events::DroppedKeys> dropped = tally.dropped();
    if (dropped.empty()) {
        return;
    }
    out += "\nnot stored, no column takes them (" + std::string(codes::E040.id) + "):\n";
    for (const events::DroppedKeys& keys : dropped) {
        out += "  " + printable(keys.path) + ": " + counted(keys.entry.count, "time") + ", first in " +
               place_of(keys.entry.samples.front()) + "\n";
        if (with_hints) {
            out += "    = help: " + printable(one_line(fix_hint(keys))) + "\n";
        }
    }
    if (tally.other_dropped() != 0) {
        out += "  other keys: " + counted(tally.other_dropped(), "time") + "\n";
    }
}

Json to_json(const events::Tally& tally, bool with_hints) {
    Json list = Json::array();
    for (const events::DroppedKeys& keys : tally.dropped()) {
        const Sample& first = keys.entry.samples.front();
        list.push_back({{"path", keys.path},
                        {"count", keys.entry.count},
                        {"file", first.file},
                        {"line", first.line},
                        {"column", first.column}});
        if (with_hints) {
            list.back()["fix"] = hint_json(fix_hint(keys));
        }
    }
    return list;
}

// A number when every row was checked, an estimate with its bounds when a sample was.
Json share_of(const EventReport& report) {
    const RefusalRate rate = refusal_rate(report.tally);
    const auto rounded = [](double share) { return std::round(share * 1e6) / 1e6; };
    if (report.one_row_in == 1) {
        return rounded(rate.rate);
    }
    return {{"estimate", rounded(rate.rate)}, {"low", rounded(rate.low)}, {"high", rounded(rate.high)}};
}

Json to_json(const EventReport& report, const events::EventSchema& schema) {
    const events::Tally& tally = report.tally;
    Json inputs = Json::array();
    for (const RefusedInput& input : report.refused_inputs) {
        inputs.push_back(
            {{"code", codes::E025.id}, {"file", input.name}, {"text", input.message}, {"help", input.help}});
    }
    return {{"datasource", report.datasource},
            {"rows", tally.rows()},
            {"accepted", tally.accepted()},
            {"quarantined", tally.quarantined()},
            {"not_events", tally.not_events()},
            {"rule_breaking", tally.rule_breaking()},
            {"refused_inputs", std::move(inputs)},
            {"reasons", table_json(tally.reasons(), schema, tally.gathers())},
            {"broken_rules", table_json(tally.broken_rules(), schema, tally.gathers())},
            {"warnings", table_json(tally.warnings(), schema, tally.gathers())},
            {"dropped", to_json(tally, tally.gathers())},
            {"other_dropped", tally.other_dropped()}};
}

// Bytes that are no text cannot reach the reports' texts, but file names can hold them.
std::string dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

std::string text_of(const EventReport& report, const events::EventSchema& schema,
                    const std::string& below_headline) {
    std::string out;
    for (const RefusedInput& input : report.refused_inputs) {
        out += printable(input.name) + ": error[" + std::string(codes::E025.id) + "]: " + input.message +
               "\n  = help: " + input.help + "\n";
    }
    out += headline(report) + below_headline;
    append_table(out, "refused", report.tally.reasons(), schema, report.tally.gathers());
    append_table(out, "against the definition, though ingestion takes the row", report.tally.broken_rules(),
                 schema, report.tally.gathers());
    append_table(out, "warnings", report.tally.warnings(), schema, report.tally.gathers());
    append_dropped(out, report.tally, report.tally.gathers());
    return out;
}

// `a.ndjson:1-1000`
std::string rows_of(const UnknownBatch& unknown) {
    const JournalBatch& batch = unknown.batch;
    return printable(unknown.path) + ":" + std::to_string(batch.from.line + 1) + "-" +
           std::to_string(batch.to.line);
}

std::string text_of(const DeliveryCounts& counts, const TinybirdSendReport& report) {
    const std::string datasource = printable(report.events.datasource);
    const std::string place = " in " + datasource + " at " + report.host;
    std::string out = counts.batches == 0 ? "\nno row was stored" + place + "\n"
                                          : "\nstored " + counted(counts.rows, "row") + place + ", by " +
                                                counted(counts.batches, "request") + "\n";
    if (counts.uncounted != 0) {
        out +=
            counted(counts.uncounted, "row") + " of them by answers that broke off before their counters\n";
    }
    if (counts.quarantined != 0 || counts.successful + counts.uncounted != counts.rows) {
        out += "the workspace counts " + with_thousands(counts.successful) + " as stored and " +
               with_thousands(counts.quarantined) +
               " as quarantined, and this check took all: is its schema another one? see " + datasource +
               "_quarantine there\n";
    }
    if (counts.too_large != 0) {
        out += counted(counts.too_large, "row") + " larger than a request may be\n";
    }
    return out;
}

std::string text_of(const std::vector<UnknownBatch>& unknown) {
    if (unknown.empty()) {
        return {};
    }
    std::string out = "\nnobody knows whether these rows were stored, so they are not sent again:\n";
    for (const UnknownBatch& one : unknown) {
        out += "  " + rows_of(one) + ": " + counted(one.batch.rows, "row") + ": " + one.note + "\n";
    }
    return out + "  = help: look for them in the workspace; `--resend-unknown` sends them again, "
                 "`--forget-unknown` lets them be\n";
}

Json to_json(const DeliveryCounts& counts) {
    return {{"requests", counts.batches},           {"rows", counts.rows},
            {"successful_rows", counts.successful}, {"quarantined_rows", counts.quarantined},
            {"uncounted_rows", counts.uncounted},   {"too_large_rows", counts.too_large}};
}

Json to_json(const std::vector<UnknownBatch>& unknown) {
    Json list = Json::array();
    for (const UnknownBatch& one : unknown) {
        list.push_back({{"file", one.path},
                        {"first_line", one.batch.from.line + 1},
                        {"last_line", one.batch.to.line},
                        {"rows", one.batch.rows},
                        {"text", one.note}});
    }
    return list;
}

} // namespace

std::string render_text(const EventReport& report, const events::EventSchema& schema) {
    const std::string stopped =
        report.stopped ? "stopped at the limit of problems: what follows in the input was not read\n" : "";
    return text_of(report, schema, rate_line(report) + stopped);
}

std::string render_json(const EventReport& report, const events::EventSchema& schema) {
    Json json = to_json(report, schema);
    json["refused_share"] = share_of(report);
    json["one_row_in"] = report.one_row_in;
    json["stopped"] = report.stopped;
    return dump(json);
}

std::string render_text(const SendReport& report, const events::EventSchema& schema) {
    std::string out = text_of(report.events, schema, "");
    out += "\nstored " + counted(report.stored, "row") + " in " + printable(report.datasource_table);
    out += report.quarantined == 0
               ? ""
               : ", " + counted(report.quarantined, "row") + " in " + printable(report.quarantine_table);
    out += "\n";
    if (!report.dead_letter.empty()) {
        out += "refused rows are in " + printable(report.dead_letter.string()) + "\n";
    }
    return out;
}

std::string render_json(const SendReport& report, const events::EventSchema& schema) {
    Json json = to_json(report.events, schema);
    json["stored"] = report.stored;
    json["stored_in"] = report.datasource_table;
    json["stored_in_quarantine"] = report.quarantined;
    json["dead_letter"] = report.dead_letter.empty() ? Json() : Json(report.dead_letter.string());
    return dump(json);
}

std::string render_text(const TinybirdSendReport& report, const events::EventSchema& schema) {
    std::string notes;
    for (const std::string& note : report.notes) {
        notes += "note: " + note + "\n";
    }
    std::string out = text_of(report.events, schema, notes);
    out += text_of(report.counts, report);
    out += report.dead_letter.empty()
               ? ""
               : "refused rows are in " + printable(report.dead_letter.string()) + "\n";
    return out + text_of(report.unknown);
}

std::string render_json(const TinybirdSendReport& report, const events::EventSchema& schema) {
    Json json = to_json(report.events, schema);
    json["host"] = report.host;
    json["sent"] = to_json(report.counts);
    json["unknown"] = to_json(report.unknown);
    json["notes"] = report.notes;
    json["dead_letter"] = report.dead_letter.empty() ? Json() : Json(report.dead_letter.string());
    json["journal"] = report.journal.string();
    json["failure"] = report.failure ? Json(report.failure->message) : Json();
    return dump(json);
}

} // namespace birdhouse::ops
