// What a command may touch, handed down as objects: the project folder, streams, environment, clock, targets.
#pragma once

#include "base/result.hpp"
#include "target/target.hpp"

#include <chrono>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace birdhouse::net {
class HttpClient;
class Waiting;
} // namespace birdhouse::net

namespace birdhouse::ops {

class Environment {
public:
    virtual ~Environment() = default;
    Environment() = default;
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    virtual std::optional<std::string> get(std::string_view name) const = 0;
};

class Clock {
public:
    virtual ~Clock() = default;
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual std::chrono::system_clock::time_point now() const = 0;
};

// Calls to other machines, and the waits between them. Both end early when a stop is asked for.
class Network {
public:
    virtual ~Network() = default;
    Network() = default;
    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;
    virtual std::unique_ptr<net::HttpClient> http_client(std::stop_token stop) = 0;
    virtual std::unique_ptr<net::Waiting> waiting(std::stop_token stop) = 0;
};

struct Session {
    std::filesystem::path folder; // the project's: holds birdhouse.yaml
    std::istream& in;
    std::ostream& out; // data: what a script reads
    std::ostream& err; // talk: problems, progress, notices
    const Environment& environment;
    const Clock& clock;
    target::TargetOpener& targets;
    bool colour = false;        // out is a terminal and NO_COLOR is not set
    bool progress = false;      // err is a terminal
    std::string version;        // of this program, for records: "0.1.0 (1a2b3c4d5e6f)"
    Network* network = nullptr; // null: no other machine is called
};

} // namespace birdhouse::ops
