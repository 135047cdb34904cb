#include "server/jobs.hpp"

#include <algorithm>

namespace birdhouse::server {

namespace {

constexpr std::size_t kMost = 100; // that are told of

} // namespace

std::string_view to_string(JobStatus status) {
    switch (status) {
    case JobStatus::Waiting:
        return "waiting";
    case JobStatus::Working:
        return "working";
    case JobStatus::Done:
        return "done";
    case JobStatus::Failed:
        return "error";
    case JobStatus::Cancelling:
        return "cancelling";
    case JobStatus::Cancelled:
        return "cancelled";
    }
    return "done";
}

bool is_over(const Job& job) {
    return job.status == JobStatus::Done || job.status == JobStatus::Failed ||
           job.status == JobStatus::Cancelled;
}

void Jobs::add_done(Job job) {
    const std::scoped_lock lock(mutex_);
    job.status = JobStatus::Done;
    job.started_at = stamp_();
    add(std::move(job));
}

void Jobs::start(Job job, Work work) {
    const std::scoped_lock lock(mutex_);
    job.status = JobStatus::Waiting;
    waiting_.push_back({job.id, std::move(work)});
    add(std::move(job));
    if (!thread_.joinable() && !stopped_) {
        thread_ = std::thread([this] { run(); });
    }
    changed_.notify_all();
}

std::vector<Job> Jobs::list() {
    const std::scoped_lock lock(mutex_);
    return jobs_;
}

std::optional<Job> Jobs::cancel(std::string_view id,
                                const std::function<void(const std::string&)>& interrupt) {
    std::optional<Job> cancelled;
    {
        const std::scoped_lock lock(mutex_);
        Job* job = find(id);
        if (job == nullptr || is_over(*job)) {
            return std::nullopt;
        }
        const bool waits =
            std::erase_if(waiting_, [&](const Waiting& waiting) { return waiting.id == id; }) != 0;
        set(id, waits ? JobStatus::Cancelled : JobStatus::Cancelling);
        cancelled = *job;
    }
    if (!is_over(*cancelled)) {
        interrupt(cancelled->id);
    }
    return cancelled;
}

void Jobs::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopped_ = true;
        waiting_.clear();
        changed_.notify_all();
    }
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Jobs::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [&] { return stopped_ || !waiting_.empty(); });
        if (stopped_) {
            return;
        }
        const Waiting next = std::move(waiting_.front());
        waiting_.pop_front();
        set(next.id, JobStatus::Working);
        lock.unlock();
        const ApiStatus ended = next.work();
        lock.lock();
        const Job* job = find(next.id);
        const bool was_cancelled = job != nullptr && job->status == JobStatus::Cancelling && !ended;
        set(next.id,
            ended           ? JobStatus::Done
            : was_cancelled ? JobStatus::Cancelled
                            : JobStatus::Failed,
            ended || was_cancelled ? "" : ended.error().text);
    }
}

// What is not over stays known, however old it is.
void Jobs::add(Job job) {
    job.created_at = stamp_();
    job.updated_at = job.created_at;
    jobs_.insert(jobs_.begin(), std::move(job));
    for (std::size_t i = jobs_.size(); i-- > 0 && jobs_.size() > kMost;) {
        if (is_over(jobs_[i])) {
            jobs_.erase(jobs_.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
}

Job* Jobs::find(std::string_view id) {
    const auto found = std::find_if(jobs_.begin(), jobs_.end(), [&](const Job& job) { return job.id == id; });
    return found == jobs_.end() ? nullptr : &*found;
}

void Jobs::set(std::string_view id, JobStatus status, std::string error) {
    if (Job* job = find(id)) {
        job->status = status;
        job->updated_at = stamp_();
        job->started_at = status == JobStatus::Working ? job->updated_at : job->started_at;
        job->error = std::move(error);
    }
}

} // namespace birdhouse::server
