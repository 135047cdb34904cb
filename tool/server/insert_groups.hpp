// Rows of requests that come at one time are written together: each insert makes a part on disk, and merging
// many small parts is dearer than the requests are. No request waits for others to come: it waits only while
// as many inserts into its table are under way as are useful, and the next one takes all that have gathered.
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
    };

    static std::vector<Request*> take_group(Table& queue);
    Result<void> write(const std::string& table, std::span<Request* const> group);

    EnginePool& engine_;
    std::mutex mutex_; // guards what follows
    std::condition_variable changed_;
    std::map<std::string, Table, std::less<>> tables_; // those that are written to now
};

} // namespace birdhouse::server
