// A ClickHouse front in a process of its own, which ends with this object.
#pragma once

#include <optional>
#include <string>

#include <sys/types.h>

namespace birdhouse::testing {

class FrontProcess {
public:
    // `password`, when there is one, is that of the user `writer`.
    explicit FrontProcess(const std::string& password = {});
    FrontProcess(const FrontProcess&) = delete;
    FrontProcess& operator=(const FrontProcess&) = delete;
    ~FrontProcess();

    const std::string& url() const { return url_; }

private:
    pid_t child_ = -1;
    int input_ = -1; // closing it ends the process
    std::string url_;
};

} // namespace birdhouse::testing
