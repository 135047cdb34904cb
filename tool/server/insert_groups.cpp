#include "server/insert_groups.hpp"

namespace birdhouse::server {

namespace {

constexpr std::size_t kAtOnce = 2;                         // inserts into one table
constexpr std::size_t kMostBytes = std::size_t{16} << 20U; // of a group, unless one request alone has more

} // namespace

// Whoever finds room for another insert writes for all that wait, the longest-waiting first, until its own
// rows are done: mostly at once, later only when those before it fill a group.
Result<void> InsertGroups::insert(const std::string& table, std::string_view rows) {
    Request request{rows, {}, false, false};
    std::unique_lock lock(mutex_);
    Table& queue = tables_[table]; // stays while `request` waits in it
    queue.waiting.push_back(&request);
    while (true) {
        changed_.wait(lock, [&] { return request.done || (!request.taken && queue.under_way < kAtOnce); });
        if (request.done) {
            return request.result;
        }
        const std::vector<Request*> group = take_group(queue);
        ++queue.under_way;
        lock.unlock();
        const Result<void> result = write(table, group);
        lock.lock();
        for (Request* member : group) {
            member->result = result;
            member->done = true;
        }
        --queue.under_way;
        if (queue.under_way == 0 && queue.waiting.empty()) {
            tables_.erase(table);
        }
        changed_.notify_all();
    }
}

std::vector<InsertGroups::Request*> InsertGroups::take_group(Table& queue) {
    std::vector<Request*> group;
    std::size_t bytes = 0;
    while (!queue.waiting.empty() &&
           (group.empty() || bytes + queue.waiting.front()->rows.size() <= kMostBytes)) {
        group.push_back(queue.waiting.front());
        group.back()->taken = true;
        bytes += group.back()->rows.size();
        queue.waiting.pop_front();
    }
    return group;
}

Result<void> InsertGroups::write(const std::string& table, std::span<Request* const> group) {
    TRY_ASSIGN(const EnginePool::Lease engine, engine_.lease(EngineUse::Write));
    const std::string sql = "INSERT INTO " + table;
    if (group.size() == 1) {
        TRY(engine->insert(sql, "JSONEachRow", group.front()->rows));
        return {};
    }
    std::string rows;
    for (const Request* request : group) {
        rows += request->rows;
    }
    TRY(engine->insert(sql, "JSONEachRow", rows));
    return {};
}

} // namespace birdhouse::server
