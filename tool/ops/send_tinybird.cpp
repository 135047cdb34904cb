#include "ops/send_tinybird.hpp"

#include "base/base64.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "net/http_client.hpp"
#include "ops/reading_progress.hpp"
#include "ops/send_reading.hpp"
#include "ops/stop_signals.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>

#include <glob.h>
#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds kBetweenLooks{200};
constexpr std::chrono::seconds kLongestInBatch{1}; // a row of a file that is followed

// What all tokens of a workspace carry, hashed. A text that is no such token tells nothing.
std::string workspace_of(std::string_view token) {
    const std::vector<std::string_view> parts = split(token, '.');
    const std::optional<std::string> payload = parts.size() == 3 ? decode_base64url(parts[1]) : std::nullopt;
    const nlohmann::json json = nlohmann::json::parse(payload.value_or(""), nullptr, false);
    const auto found = json.is_object() ? json.find("u") : json.end();
    constexpr std::size_t kDigits = 12;
    return found != json.end() && found->is_string() ? sha256(found->get<std::string>()).substr(0, kDigits)
                                                     : std::string();
}

Destination destination_of(const TinybirdSendOptions& options, const TinybirdAccess& access,
                           const std::string& datasource) {
    return {options.target, access.host, workspace_of(access.token), datasource};
}

class TinybirdSend {
public:
    TinybirdSend(const events::EventSchema& schema, const TinybirdAccess& access,
                 const TinybirdSendOptions& options, Session& session, SendJournal journal)
        : options_(options), session_(session), journal_(std::move(journal)),
          client_(session.network->http_client(signals_.second())),
          waiting_(session.network->waiting(signals_.first())),
          caller_(*client_, *waiting_, access, schema.datasource(), call_options()),
          dead_letter_(options.dead_letter.empty()
                           ? default_dead_letter(session.folder, schema.datasource(), session.clock.now())
                           : options.dead_letter),
          delivery_(journal_, caller_, dead_letter_, schema),
          report_{{schema.datasource(), events::Tally(options.input.most_samples), {}},
                  access.host,
                  {},
                  {},
                  {},
                  {},
                  {},
                  {},
                  options.follow},
          reading_(schema, options, journal_, delivery_, dead_letter_, report_,
                   [this] { return stopped(); }) {}

    TinybirdSendReport run() {
        Result<void> ended = send_all();
        if (const Result<void> closed = dead_letter_.close(); ended && !closed) {
            ended = closed.error();
        }
        // Following ends by a request to stop.
        if (!ended && !(options_.follow && ended.error().code == ExitCode::Partial)) {
            report_.failure = ended.error();
        }
        report_.counts = delivery_.counts();
        report_.unknown = journal_.unknown();
        report_.journal = journal_.path();
        report_.dead_letter = dead_letter_.used() ? dead_letter_.path() : fs::path();
        return std::move(report_);
    }

private:
    EventsCallOptions call_options() const {
        EventsCallOptions call = options_.call;
        if (options_.follow) {
            call.attempts = std::numeric_limits<int>::max(); // there is time
            call.longest_wait = std::chrono::minutes(5);
        }
        return call;
    }

    bool stopped() const { return signals_.first().stop_requested(); }

    Result<void> send_all() {
        if (options_.forget_unknown) {
            TRY(journal_.forget_unknown());
        }
        if (options_.resend_unknown) {
            TRY(reading_.resend_unknown());
        }
        return options_.follow ? follow() : send_inputs();
    }

    Result<void> send_inputs() {
        std::vector<std::string> files = expand_patterns(options_.input.files);
        if (files.empty()) {
            files.emplace_back("-");
        }
        ReadingProgress progress(total_size(files), session_);
        for (const std::string& file : files) {
            TRY_ASSIGN(InputReading reading, reading_.open(file, session_.in));
            if (std::optional<events::InputFault> fault = reading.input->fault()) {
                report_.events.refused_inputs.push_back(
                    {reading.input->name(), std::move(fault->message), std::move(fault->help)});
                continue;
            }
            TRY(read_with_progress(reading, progress));
            progress.end_input();
            if (stopped()) {
                return Error{ExitCode::Partial, "stopped before the end",
                             "the same command goes on from there"};
            }
        }
        return {};
    }

    Result<void> read_with_progress(InputReading& reading, ReadingProgress& progress) {
        const auto show = [&] { progress.show(reading.input->position().byte, reading.input->taken()); };
        TRY(reading_.read(reading, true, session_.progress ? show : std::function<void()>()));
        return stopped() ? Result<void>() : reading_.flush(reading);
    }

    // Until a stop is asked for.
    Result<void> follow() {
        std::vector<InputReading> all;
        while (true) {
            TRY(open_new(all));
            for (InputReading& reading : all) {
                TRY(follow_one(reading));
            }
            if (stopped() || !waiting_->wait(kBetweenLooks)) {
                break;
            }
        }
        for (InputReading& reading : all) {
            TRY(reading_.flush(reading));
        }
        return {};
    }

    // Files that were not there at the last look.
    Result<void> open_new(std::vector<InputReading>& all) {
        for (const std::string& file : expand_patterns(options_.input.files)) {
            const auto is_open = [&](const InputReading& one) { return one.input->name() == file; };
            std::error_code missing; // not there yet
            if (std::any_of(all.begin(), all.end(), is_open) || !fs::exists(file, missing)) {
                continue;
            }
            TRY_ASSIGN(InputReading reading, reading_.open(file, session_.in));
            all.push_back(std::move(reading));
        }
        return {};
    }

    Result<void> follow_one(InputReading& reading) {
        if (reading.input->position() == reading.batch.from) {
            reading.since = waiting_->now();
        }
        const FileChange change = reading.input->look(); // asked first: a replaced file grows no more
        TRY(reading_.read(reading, change == FileChange::Replaced));
        if (change != FileChange::None) {
            TRY(reading_.flush(reading));
            const std::string file = reading.input->name();
            TRY_ASSIGN(reading, reading_.open(file, session_.in));
            return {};
        }
        return waiting_->now() - reading.since >= kLongestInBatch ? reading_.flush(reading) : Result<void>();
    }

    const TinybirdSendOptions& options_;
    Session& session_;
    StopSignals signals_; // before the client and its like, which listen to it
    SendJournal journal_;
    std::unique_ptr<net::HttpClient> client_;
    std::unique_ptr<net::Waiting> waiting_;
    EventsCaller caller_;
    DeadLetter dead_letter_;
    EventsDelivery delivery_;
    TinybirdSendReport report_;
    EventReading reading_;
};

// A slip in a name costs nothing: every file is looked for before the first row is sent.
Result<void> look_for(const TinybirdSendOptions& options) {
    if (options.follow) {
        return options.input.files.empty()
                   ? Result<void>(Error{ExitCode::Usage, "standard input is followed to its end in any case",
                                        "name the files to follow, or leave --follow out"})
                   : Result<void>();
    }
    for (const std::string& file : expand_patterns(options.input.files)) {
        if (file != "-") {
            TRY(SendInput::open_file(file, options.input.longest_line));
        }
    }
    return {};
}

} // namespace

ExitCode TinybirdSendReport::exit_code(bool strict) const {
    if (failure) {
        return failure->code;
    }
    if (!unknown.empty()) {
        return ExitCode::Partial;
    }
    const bool held_back = strict && events.tally.rule_breaking() != 0;
    const bool problems = events.refuses() || held_back || counts.quarantined != 0 || counts.too_large != 0;
    return problems && !follow ? ExitCode::Problems : ExitCode::Fine;
}

Result<TinybirdSendReport> send_to_tinybird(const events::EventSchema& schema, const TinybirdAccess& access,
                                            const TinybirdSendOptions& options, Session& session) {
    TRY(look_for(options));
    TRY_ASSIGN(SendJournal journal,
               SendJournal::open(session.folder, destination_of(options, access, schema.datasource())));
    return TinybirdSend(schema, access, options, session, std::move(journal)).run();
}

std::vector<std::string> expand_patterns(const std::vector<std::string>& files) {
    std::vector<std::string> expanded;
    for (const std::string& file : files) {
        glob_t found{};
        std::error_code ignored; // what cannot be looked at is taken for a pattern
        const bool pattern = file.find_first_of("*?[") != std::string::npos && !fs::exists(file, ignored);
        if (pattern && ::glob(file.c_str(), 0, nullptr, &found) == 0) {
            expanded.insert(expanded.end(), found.gl_pathv, found.gl_pathv + found.gl_pathc);
        } else {
            expanded.push_back(file);
        }
        if (pattern) {
            ::globfree(&found);
        }
    }
    return expanded;
}

} // namespace birdhouse::ops
