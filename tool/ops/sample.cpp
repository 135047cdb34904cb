#include "ops/sample.hpp"

#include "base/text.hpp"
#include "events/explain.hpp"
#include "events/json_text.hpp"
#include "events/sample_rows.hpp"

#include <fstream>
#include <ostream>

namespace birdhouse::ops {

namespace {

class Sampling {
public:
    Sampling(const events::EventSchema& schema, const SampleRequest& request, Session& session)
        : schema_(schema), request_(request), session_(session), rows_(schema, request.seed) {}

    Result<void> run() {
        if (!request_.reasons.empty()) {
            file_.open(request_.reasons, std::ios::binary | std::ios::trunc);
            if (!file_) {
                return cannot_write();
            }
        }
        for (std::uint64_t line = 1; line <= request_.rows; ++line) {
            TRY(is_bad() ? write_bad(line) : write_good());
        }
        file_.flush();
        return !request_.reasons.empty() && !file_ ? Result<void>(cannot_write()) : Result<void>();
    }

private:
    bool is_bad() {
        constexpr std::uint64_t kParts = 1'000'000;
        return static_cast<double>(rows_.chance().below(kParts)) < request_.bad * static_cast<double>(kParts);
    }

    Result<void> write_good() {
        std::string complaint;
        const std::optional<std::string> row = rows_.good_row(complaint);
        if (!row) {
            return Error{ExitCode::Problems,
                         "no row was found that fits " + backquoted(schema_.datasource()) + ": " + complaint,
                         "do its rules leave any value? `allowed` says best what a column may hold"};
        }
        session_.out << *row << "\n";
        return {};
    }

    Result<void> write_bad(std::uint64_t line) {
        std::string complaint;
        const std::optional<events::SampleRows::BadRow> row = rows_.bad_row(complaint);
        if (!row) {
            return Error{
                ExitCode::Problems,
                "no row was found that " + backquoted(schema_.datasource()) + " refuses: " + complaint, ""};
        }
        session_.out << row->text << "\n";
        for (const events::RowNote& note : row->verdict->reasons) {
            tell(line, note, events::explain_for_report(schema_, row->text, note));
        }
        return {};
    }

    void tell(std::uint64_t line, const events::RowNote& note, const std::string& reason) {
        const std::string column =
            note.column == events::kNoColumn ? std::string() : schema_.columns()[note.column].name;
        if (request_.reasons.empty()) {
            session_.err << "line " << line << ": " << note.code->id << ": " << printable(reason) << "\n";
            return;
        }
        std::string json = "{\"line\":" + std::to_string(line) + ",\"code\":\"" + std::string(note.code->id) +
                           "\",\"column\":";
        if (column.empty()) {
            json += "null";
        } else {
            events::append_json_string(json, column);
        }
        json += ",\"reason\":";
        events::append_json_string(json, reason);
        file_ << json << "}\n";
    }

    Error cannot_write() const {
        return {ExitCode::Failed, "cannot write " + backquoted(printable(request_.reasons.string())), ""};
    }

    const events::EventSchema& schema_;
    const SampleRequest& request_;
    Session& session_;
    events::SampleRows rows_;
    std::ofstream file_;
};

} // namespace

Result<void> write_sample(const events::EventSchema& schema, const SampleRequest& request, Session& session) {
    return Sampling(schema, request, session).run();
}

} // namespace birdhouse::ops
