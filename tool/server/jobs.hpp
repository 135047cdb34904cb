// What takes its time, on a thread of its own: one job after the other, so that jobs share no more of the
// machine than one query does.
#pragma once

#include "server/api_result.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace birdhouse::server {

enum class JobStatus : std::uint8_t { Waiting, Working, Done, Failed, Cancelling, Cancelled };
std::string_view to_string(JobStatus status); // as the service calls it

struct Job {
    std::string id;
    std::string workspace_id;
    std::string kind; // delete_data, copy, import, populateview
    std::string datasource;
    std::string pipe;
    std::string delete_condition;
    JobStatus status = JobStatus::Done;
    std::string created_at; // `2026-11-26 10:00:00.000000`
    std::string started_at;
    std::string updated_at;
    std::string error;
};
bool is_over(const Job& job);

class Jobs {
public:
    using Work = std::function<ApiStatus()>;

    explicit Jobs(std::function<std::string()> stamp) : stamp_(std::move(stamp)) {}
    Jobs(const Jobs&) = delete;
    Jobs& operator=(const Jobs&) = delete;
    ~Jobs() { stop(); }

    // What is over already.
    void add_done(Job job);
    // Waits for its turn.
    void start(Job job, Work work);
    // The last hundred, the newest first.
    std::vector<Job> list();
    // A job that waits is over; one that works goes on as cancelling, and `interrupt` is called with its id.
    // Nothing when there is none, or it is over.
    std::optional<Job> cancel(std::string_view id, const std::function<void(const std::string&)>& interrupt);
    // Ends what waits, and waits for what works.
    void stop();

private:
    struct Waiting {
        std::string id;
        Work work;
    };

    void run();
    void add(Job job);
    Job* find(std::string_view id); // the caller holds the mutex, as of the next
    void set(std::string_view id, JobStatus status, std::string error = {});

    std::function<std::string()> stamp_;
    std::mutex mutex_; // guards what follows
    std::condition_variable changed_;
    std::vector<Job> jobs_;
    std::deque<Waiting> waiting_;
    bool stopped_ = false;
    std::thread thread_; // made with the first job
};

} // namespace birdhouse::server
