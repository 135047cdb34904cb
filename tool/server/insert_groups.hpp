// Rows of requests that come at one time are written together: an insert of one row costs what an insert of a
// hundred does, and each makes a part on disk that is merged later. While one is under way others gather, and
// the next takes all of them. Clients that were answered together come again together, so it waits a moment
// for those that the last one answered; a request that comes alone waits for nobody.
#pragma once

#include "base/result.hpp"
#include "server/engine_pool.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::server {

class InsertGroups {
public:
    // `engine` must outlive the groups.
    explicit InsertGroups(EnginePool& engine) : engine_(engine) {}

    // JSONEachRow lines into `table` (with its database, quoted). When it returns they are stored, or were
    // refused: what refuses one row of a group refuses the group, so rows must fit their columns.
    Result<void> insert(const std::string& table, std::string_view rows);

private:
    struct Request {
        std::string_view rows;
        Result<void> result;
        bool taken = false; // by a group that is being written
        bool done = false;
    };
    struct Table {
        std::deque<Request*> waiting;
        std::size_t under_way = 0; // inserts
        std::size_t expected = 0;  // requests that may soon be there
        bool gathers = false;      // an insert is about to begin
        bool is_idle() const { return waiting.empty() && under_way == 0; }
    };

    static bool has_room(const Table& queue);
    void gather(Table& queue, std::unique_lock<std::mutex>& lock);
    static std::vector<Request*> take_group(Table& queue);
    void end(Table& queue, std::span<Request* const> group, const Result<void>& result);
    Result<void> write(const std::string& table, std::span<Request* const> group);

    EnginePool& engine_;
    std::mutex mutex_; // guards what follows
    std::condition_variable changed_;
    std::condition_variable came_;                     // for those that gather
    std::map<std::string, Table, std::less<>> tables_; // those that are written to, or were lately
};

} // namespace birdhouse::server
