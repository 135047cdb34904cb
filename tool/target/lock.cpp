#include "target/lock.hpp"

#include "base/text.hpp"
#include "target/sql_text.hpp"

#include <nlohmann/json.hpp>

namespace birdhouse::target {

namespace {

using Json = nlohmann::json;

// The comment of a lock that another program wrote, or a person: it is held, by somebody unknown.
LockHolder holder_from(const std::string& comment, bool expired) {
    const Json json = Json::parse(comment, nullptr, false);
    if (!json.is_object()) {
        return {"somebody unknown", 0, "", "", false};
    }
    return {json.value("who", "somebody unknown"), json.value("pid", std::uint64_t{0}),
            json.value("since", ""), json.value("until", ""), expired};
}

} // namespace

std::string describe(const LockHolder& holder) {
    std::string text = holder.who;
    text += holder.pid == 0 ? "" : " (process " + std::to_string(holder.pid) + ")";
    text += holder.since.empty() ? "" : " since " + holder.since + " UTC";
    return text + (holder.until.empty() ? "" : ", until " + holder.until + " UTC");
}

TargetLock::~TargetLock() {
    static_cast<void>(release().ok()); // a lock that stays is told about, and removed, by `migrate unlock`
}

Result<std::string> TargetLock::comment_now() {
    const std::vector<Parameter> parameters{{"database", escape_tsv(database_)},
                                            {"table", std::string(kLockTable)}};
    TRY_ASSIGN(const QueryResult result,
               channel_.query("SELECT comment FROM system.tables WHERE database = {database:String}"
                              " AND name = {table:String}",
                              "TSV", parameters));
    const auto rows = parse_tsv(result.bytes);
    return rows.empty() ? std::string() : rows.front().at(0);
}

Result<std::optional<LockHolder>> TargetLock::holder() {
    const std::vector<Parameter> parameters{{"database", escape_tsv(database_)},
                                            {"table", std::string(kLockTable)}};
    TRY_ASSIGN(
        const QueryResult result,
        channel_.query("SELECT comment, parseDateTimeBestEffortOrZero(JSONExtractString(comment, 'until'),"
                       " 'UTC') < now() FROM system.tables WHERE database = {database:String}"
                       " AND name = {table:String}",
                       "TSV", parameters));
    const auto rows = parse_tsv(result.bytes);
    return rows.empty() ? std::optional<LockHolder>()
                        : std::optional(holder_from(rows.front().at(0), rows.front().at(1) == "1"));
}

// The target's clock, not this machine's: all who look at the lock read the same one.
Result<std::string> TargetLock::comment_for(std::string_view since) {
    TRY_ASSIGN(const QueryResult times,
               channel_.query("SELECT toString(now('UTC')), toString(now('UTC') + toIntervalSecond(" +
                                  std::to_string(term_.count()) + "))",
                              "TSV", {}));
    const auto rows = parse_tsv(times.bytes);
    if (rows.size() != 1 || rows.front().size() != 2) {
        return Error{ExitCode::Failed, "the target does not tell its time", ""};
    }
    since_ = since.empty() ? rows.front()[0] : std::string(since);
    return Json{{"who", who_}, {"pid", pid_}, {"since", since_}, {"until", rows.front()[1]}}.dump(
        -1, ' ', false, Json::error_handler_t::replace);
}

Result<bool> TargetLock::take(const std::string& who, std::uint64_t pid, std::chrono::seconds term) {
    who_ = who;
    pid_ = pid;
    term_ = term;
    TRY_ASSIGN(const std::string comment, comment_for(""));
    const Result<void> made = channel_.execute(
        "CREATE TABLE " + qualified_name(database_, kLockTable) +
        " (owner String) ENGINE = MergeTree ORDER BY tuple() COMMENT " + string_literal(comment));
    if (!made) {
        TRY_ASSIGN(const std::optional<LockHolder> other, holder());
        return other ? Result<bool>(false) : Result<bool>(made.error());
    }
    comment_ = comment;
    renewed_ = std::chrono::steady_clock::now();
    return true;
}

Result<void> TargetLock::renew() {
    if (std::chrono::steady_clock::now() - renewed_ < term_ / 2) {
        return {};
    }
    TRY_ASSIGN(const std::string there, comment_now());
    if (there != comment_) {
        comment_.clear();
        return Error{ExitCode::Refused, "the lock of the target was taken away while this run was at work",
                     "see who works on it with `birdhouse migrate status`, then run the command again"};
    }
    TRY_ASSIGN(const std::string comment, comment_for(since_));
    TRY(channel_.execute("ALTER TABLE " + qualified_name(database_, kLockTable) + " MODIFY COMMENT " +
                         string_literal(comment)));
    comment_ = comment;
    renewed_ = std::chrono::steady_clock::now();
    return {};
}

Result<void> TargetLock::release() {
    if (comment_.empty()) {
        return {};
    }
    TRY_ASSIGN(const std::string there, comment_now());
    const bool mine = there == comment_;
    comment_.clear();
    return mine ? remove() : Result<void>();
}

Result<void> TargetLock::remove() {
    TRY(channel_.execute("DROP TABLE IF EXISTS " + qualified_name(database_, kLockTable) + " SYNC"));
    return channel_.execute("DROP TABLE IF EXISTS " + qualified_name(database_, kTakeoverTable) + " SYNC");
}

} // namespace birdhouse::target
