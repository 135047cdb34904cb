#include "ops/format_sql.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/datafile_formatter_sql.hpp"
#include "codec/mapped_sql.hpp"
#include "ops/engine_problem.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::ops {

namespace {

// The engine writes this where it hides a password.
constexpr std::string_view kHidden = "[HIDDEN]";

// At the place in the file that the engine means. False when the error is not about the SQL.
bool warn(const Error& error, const model::Node& node, Diagnostics& diagnostics) {
    Diagnostics refusal;
    if (!report_refusal(error, codec::written_sql(node), refusal)) {
        return false;
    }
    constexpr std::string_view kHead = "the engine refuses the query: ";
    const Diagnostic& found = refusal.all().front();
    const std::string_view message = found.message;
    const Span place = found.labels.empty() ? node.origin.span : found.labels.front().span;
    diagnostics.add(codes::F205, place,
                    "the engine cannot format the SQL of node " + backquoted(node.name) + ": " +
                        std::string(message.substr(message.starts_with(kHead) ? kHead.size() : 0)),
                    found.help.empty() ? "mend the SQL; it is left as it is"
                                       : found.help + "; it is left as it is");
    return true;
}

// Would the text read as the same SQL in a datafile?
bool fits_a_block(const std::string& sql) {
    const std::vector<std::string_view> lines = split(sql, '\n');
    return std::ranges::none_of(
        lines, [](std::string_view line) { return trim(line).empty() || trim(line).front() == '#'; });
}

} // namespace

Result<codec::FormattedSql> SqlFormatter::format(const syntax::Datafile& file, const SourceMap& sources,
                                                 Diagnostics& diagnostics,
                                                 std::vector<std::string>& notices) {
    codec::FormattedSql formatted;
    for (const codec::NodeSql& sql : codec::sql_of_nodes(file, sources)) {
        const std::string left_alone = std::string(sources.path(file.source)) + ": the SQL of node " +
                                       backquoted(sql.node.name) + " is left as it is: ";
        if (sql.has_comments) {
            notices.push_back(left_alone + "the engine's formatter would lose its comments");
            continue;
        }
        Result<std::string> once = ask(sql.node.sql);
        if (!once) {
            if (!warn(once.error(), sql.node, diagnostics)) {
                return std::move(once).error();
            }
            continue;
        }
        TRY_ASSIGN(const std::string twice, ask(*once));
        const bool hides = once->find(kHidden) != std::string::npos;
        if (hides || twice != *once || !fits_a_block(*once)) {
            notices.push_back(left_alone + (hides ? "the engine's formatter would hide its passwords"
                                                  : "the engine's formatter does not settle on one text"));
            continue;
        }
        formatted.emplace(sql.directive, std::move(*once));
    }
    return formatted;
}

Result<std::string> SqlFormatter::ask(const std::string& sql) {
    if (!engine_) {
        TRY_ASSIGN(engine_, targets_.open_scratch());
    }
    const std::array<target::Parameter, 1> text = {target::Parameter{"sql", target::escape_tsv(sql)}};
    TRY_ASSIGN(target::QueryResult result,
               engine_->query("SELECT formatQuery({sql:String})", "RawBLOB", text));
    return std::move(result.bytes);
}

} // namespace birdhouse::ops
