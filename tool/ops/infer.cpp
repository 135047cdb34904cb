#include "ops/infer.hpp"

#include "base/text.hpp"
#include "codec/definition_writer.hpp"
#include "events/json_row.hpp"

namespace birdhouse::ops {

namespace {

class Inferring {
public:
    explicit Inferring(const InferRequest& request) : request_(request) {}

    Result<void> read(std::string_view name, std::istream& stream) {
        events::EventReader reader(stream);
        if (std::optional<events::InputFault> fault = reader.fault()) {
            report_.refused_inputs.push_back(
                {std::string(name), std::move(fault->message), std::move(fault->help)});
            return {};
        }
        while (wants_more()) {
            const std::optional<events::EventLine> line = reader.next();
            if (!line) {
                break;
            }
            take(*line);
        }
        return reader.failed() ? broke_off(name, reader.bytes_read(), reader.failure()) : Result<void>();
    }

    InferReport finish() {
        report_.rows = inference_.rows();
        report_.proposal = inference_.propose(request_.name);
        return std::move(report_);
    }

private:
    bool wants_more() const { return request_.most_rows == 0 || inference_.rows() < request_.most_rows; }

    void take(const events::EventLine& line) {
        const bool is_event =
            !line.too_long && !row_.parse(line.text) && row_.token(0).kind == events::JsonKind::Object;
        if (is_event) {
            inference_.add(row_);
        } else {
            ++report_.not_events;
        }
    }

    const InferRequest& request_;
    InferReport report_;
    events::Inference inference_;
    events::JsonRow row_;
};

} // namespace

Result<InferReport> infer_datasource(const InferRequest& request, Session& session) {
    Inferring inferring(request);
    const auto read = [&](std::string_view name, std::istream& stream) {
        return inferring.read(name, stream);
    };
    TRY(read_inputs(request.files, session.in, read));
    InferReport report = inferring.finish();
    if (report.rows == 0) {
        const bool refused = !report.refused_inputs.empty();
        return Error{ExitCode::Problems,
                     "there is no event to learn from" +
                         (refused ? ": " + report.refused_inputs.front().message : std::string()),
                     refused ? report.refused_inputs.front().help
                             : "name a file of NDJSON: one object a line"};
    }
    return report;
}

std::string render_definition(const InferReport& report) {
    codec::DefinitionComments comments;
    comments.head.push_back("Proposed from " + counted(report.rows, "event") +
                            ": read it before it is used, the keys and the engine most of all.");
    if (report.not_events != 0) {
        comments.head.push_back(counted(report.not_events, "line") + " held no event.");
    }
    if (!report.proposal.complete) {
        comments.head.push_back("There were more keys than these: they look like data rather than names.");
    }
    for (const auto& [column, notes] : report.proposal.notes) {
        comments.columns[column] = notes;
    }
    return codec::write_datasource_definition(report.proposal.datasource, comments);
}

} // namespace birdhouse::ops
