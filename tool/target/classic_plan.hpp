// The way from one state of a Classic workspace to another, one request a resource. Pure: the requests that
// are printed are those that are sent. What Classic would ignore is found here, before anything is sent.
#pragma once

#include "base/result.hpp"
#include "model/project.hpp"
#include "target/tinybird_api.hpp"

#include <cstdint>
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

struct ClassicStep {
    ClassicAction action = ClassicAction::CreateDatasource;
    std::string resource; // the datasource or pipe
    ApiFields fields;     // of the request
    std::string body;     // JSON, of a pipe
    bool endpoint = false;
    friend bool operator==(const ClassicStep&, const ClassicStep&) = default;
};

// "POST /v0/datasources/events/alter"
std::string describe(const ClassicStep& step);

struct ClassicPlan {
    std::vector<ClassicStep> steps;     // in order
    std::vector<std::string> ignored;   // what Classic would not do; with any of these nothing is sent
    std::vector<std::string> destroyed; // what goes with its rows
};

ClassicPlan plan_classic(const model::Project& deployed, const model::Project& declared);

// The scopes that the datafiles of a project give a token: `DATASOURCES:APPEND:events`.
std::vector<std::string> token_scopes(const model::Project& project, const std::string& token);

} // namespace birdhouse::target
