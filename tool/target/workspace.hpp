// A Tinybird workspace as a target: datafiles go in and come out, whole. What the two generations do to get
// there is behind this interface; both leave a workspace that was part-way in a state from which the same
// command goes on.
#pragma once

#include "base/result.hpp"
#include "model/project.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace birdhouse::net {
class HttpClient;
class Waiting;
} // namespace birdhouse::net

namespace birdhouse::target {

struct WorkspaceFile {
    std::string path; // `datasources/llm_events.datasource`
    std::string text;
    friend bool operator==(const WorkspaceFile&, const WorkspaceFile&) = default;
};

struct WorkspaceIdentity {
    std::string id;
    std::string name;
};

// What the workspace is to be, and what it was found to be.
struct WorkspaceChange {
    std::vector<WorkspaceFile> files; // all of them, by path
    const model::Project& declared;   // as the files are read
    const model::Project& deployed;   // as the workspace's own files are read
    bool allow_destructive = false;
    bool populate = false; // new materializations get the rows that are there; Forward does so by itself
};

enum class FeedbackLevel : std::uint8_t { Error, Warning, Info };

// The workspace's own words about a resource.
struct Feedback {
    FeedbackLevel level = FeedbackLevel::Info;
    std::string resource; // `Datasource events.datasource`; empty when it is about the whole
    std::string message;
    friend bool operator==(const Feedback&, const Feedback&) = default;
};

struct DataMovement {
    std::string datasource;
    std::string kind; // backfill_with_mv_queries, backfill_with_forward_query
    friend bool operator==(const DataMovement&, const DataMovement&) = default;
};

enum class WorkspaceOutcome : std::uint8_t {
    Unchanged, // the workspace had it all
    Possible,  // of a check: it would be accepted
    Refused,   // the feedback says why; nothing was changed
    Applied,
    Staged, // deployed beside what is live, and not promoted
};

struct WorkspaceReport {
    WorkspaceOutcome outcome = WorkspaceOutcome::Unchanged;
    std::string deployment; // its id; empty where there is none
    std::vector<Feedback> feedback;
    std::vector<DataMovement> movements;
    std::vector<std::string> done; // what was done, one line each, in order
    bool resumed = false;          // a run that was stopped had begun it
};

// Told while it goes on: "deployment 7 is creating_schema".
using WorkspaceListener = std::function<void(const std::string&)>;

class WorkspaceTarget {
public:
    virtual ~WorkspaceTarget() = default;
    WorkspaceTarget() = default;
    WorkspaceTarget(const WorkspaceTarget&) = delete;
    WorkspaceTarget& operator=(const WorkspaceTarget&) = delete;

    virtual const std::string& name() const = 0; // as in birdhouse.yaml
    virtual const std::string& host() const = 0;
    virtual Result<WorkspaceIdentity> identity() = 0;
    // All datafiles that are live, by path.
    virtual Result<std::vector<WorkspaceFile>> pull() = 0;
    // The requests that `apply` would send, one line each. Pure: nothing is asked.
    virtual std::vector<std::string> plan(const WorkspaceChange& change) const = 0;
    // What is worth knowing beside the requests, a sentence each. Pure as well.
    virtual std::vector<std::string> notes(const WorkspaceChange&) const { return {}; }
    // What the workspace itself says of the change. Nothing is changed.
    virtual Result<WorkspaceReport> check(const WorkspaceChange& change) = 0;
    virtual Result<WorkspaceReport> apply(const WorkspaceChange& change,
                                          const WorkspaceListener& listener) = 0;

    // `SELECT ...`, with the format as ClickHouse names it.
    virtual Result<std::string> query(std::string_view sql, std::string_view format) = 0;
    // The answer of an endpoint: `format` is json, csv, ndjson, parquet or prometheus.
    virtual Result<std::string>
    endpoint(std::string_view pipe, std::string_view format,
             const std::vector<std::pair<std::string, std::string>>& parameters) = 0;
};

// Who calls, and by which means.
struct WorkspaceAccess {
    std::string host; // `https://api.tinybird.co`
    std::string token;
    std::unique_ptr<net::HttpClient> client;
    std::unique_ptr<net::Waiting> waiting;
};

} // namespace birdhouse::target
