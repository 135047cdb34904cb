// The way from one state of a Classic workspace to another, one request a resource. Pure: the requests that
// are printed are those that are sent. What Classic would ignore is found here, before anything is sent.
#pragma once

#include "base/result.hpp"
#include "model/project.hpp"
#include "target/tinybird_api.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::target {

enum class ClassicAction : std::uint8_t {
    CreateDatasource,
    AlterDatasource,
    WritePipe, // new, or in the place of the one of its name
    GiveToken,
    DropPipe,
    DropDatasource,
};

// A new materialization over rows that are there: by itself the workspace gives it none of them.
struct ClassicPopulation {
    std::string pipe;
    std::string node;
    std::string datasource;           // that it fills
    std::vector<std::string> sources; // that have rows, by name
    friend bool operator==(const ClassicPopulation&, const ClassicPopulation&) = default;
};

struct ClassicStep {
    ClassicAction action = ClassicAction::CreateDatasource;
    std::string resource; // the datasource or pipe
    ApiFields fields;     // of the request
    std::string body;     // JSON, of a pipe
    bool endpoint = false;
    std::optional<ClassicPopulation> fills; // begun by the request, and waited for
    friend bool operator==(const ClassicStep&, const ClassicStep&) = default;
};

// "POST /v0/datasources/events/alter"
std::string describe(const ClassicStep& step);

struct ClassicPlan {
    std::vector<ClassicStep> steps;     // in order
    std::vector<std::string> ignored;   // what Classic would not do; with any of these nothing is sent
    std::vector<std::string> destroyed; // what goes with its rows
    std::vector<ClassicPopulation> populations; // by pipe; steps do them when they are asked for
};

// Each materialization is filled before the next one is made: a chain of them would count twice what the one
// above it is filled with.
ClassicPlan plan_classic(const model::Project& deployed, const model::Project& declared,
                         bool populate = false);

// The scopes that the datafiles of a project give a token: `DATASOURCES:APPEND:events`.
std::vector<std::string> token_scopes(const model::Project& project, const std::string& token);

} // namespace birdhouse::target
