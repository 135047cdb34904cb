// What a workspace holds at one time: its datafiles and all that is read from them. Never changed once made,
// so that requests can go on with one while a build puts another in its place.
#pragma once

#include "base/diagnostic.hpp"
#include "base/source.hpp"
#include "events/schema.hpp"
#include "model/project.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::server {

struct Datafile {
    std::string path; // as its sender calls it: `datasources/events.datasource`, or the bare file name
    std::string text;
    friend bool operator==(const Datafile&, const Datafile&) = default;
};

struct FileProblem {
    std::string path;
    std::string text; // one line, with the line's number in it
};

struct Content {
    std::vector<Datafile> files; // by path
    SourceMap sources;
    model::Project project;
    std::map<std::string, events::EventSchema, std::less<>> schemas; // of datasources that take events
};

// Reads datafiles of Forward. What is wrong with them goes to `problems`, and there is no content then.
std::shared_ptr<const Content> read_content(std::vector<Datafile> files, const model::Config& config,
                                            std::vector<FileProblem>& problems);

// The datafile of a resource: as it was sent. Null when there is none.
const Datafile* find_file(const Content& content, std::string_view name, std::string_view extension);

// The first error of `problems` as `name:3: message`; places in other files are named.
std::vector<FileProblem> file_problems(const Diagnostics& problems, const SourceMap& sources);

} // namespace birdhouse::server
