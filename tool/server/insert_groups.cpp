#include "server/insert_groups.hpp"

#include <chrono>
#include <numeric>

namespace birdhouse::server {

namespace {

constexpr std::size_t kAtOnce = 2;                         // inserts into one table, of many rows
constexpr std::size_t kManyBytes = std::size_t{64} << 10U; // below that, two at once only make two parts
constexpr std::size_t kMostBytes = std::size_t{16} << 20U; // of a group, unless one request alone has more
constexpr std::chrono::milliseconds kMoment{2};            // an insert takes longer
constexpr std::size_t kMostTables = 256;                   // that are remembered

} // namespace

// Whoever finds room for another insert writes for all that wait, the longest-waiting first, until its own
// rows are done: mostly at once, later only when those before it fill a group.
Result<void> InsertGroups::insert(const std::string& table, std::string_view rows) {
    Request request{rows, {}, false, false};
    std::unique_lock lock(mutex_);
    Table& queue = tables_[table]; // stays while `request` waits in it
    queue.waiting.push_back(&request);
    came_.notify_all();
    while (true) {
        changed_.wait(lock, [&] { return request.done || (!request.taken && has_room(queue)); });
        if (request.done) {
            return request.result;
        }
        gather(queue, lock);
        const std::vector<Request*> group = take_group(queue);
        ++queue.under_way;
        lock.unlock();
        const Result<void> result = write(table, group);
        lock.lock();
        end(queue, group, result);
    }
}

bool InsertGroups::has_room(const Table& queue) {
    const auto add = [](std::size_t bytes, const Request* waiting) { return bytes + waiting->rows.size(); };
    return !queue.gathers &&
           (queue.under_way == 0 ||
            (queue.under_way < kAtOnce &&
             std::accumulate(queue.waiting.begin(), queue.waiting.end(), std::size_t{0}, add) >= kManyBytes));
}

void InsertGroups::gather(Table& queue, std::unique_lock<std::mutex>& lock) {
    queue.gathers = true;
    came_.wait_for(lock, kMoment, [&] { return queue.waiting.size() >= queue.expected; });
    queue.gathers = false;
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

void InsertGroups::end(Table& queue, std::span<Request* const> group, const Result<void>& result) {
    for (Request* member : group) {
        member->result = result;
        member->done = true;
    }
    --queue.under_way;
    queue.expected = group.size() + queue.waiting.size();
    if (tables_.size() > kMostTables) {
        std::erase_if(tables_, [](const auto& table) { return table.second.is_idle(); });
    }
    changed_.notify_all();
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
