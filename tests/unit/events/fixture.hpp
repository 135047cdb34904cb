// The text form of event cases: lines that declare a datasource, `---`, then events as they are sent.
//   datasource image_events
//   ingest epoch_into_datetime
//   column width | UInt16 | $.width | default 0 | range 0..16384
//   rule width >= height
// `ingest strict` answers every open question with a refusal, `ingest no NAME` one of them.
// Options of a column: default, allowed a, b; range low..high; max_chars n; pattern re; privacy kind. A path
// of `-` is none.
#pragma once

#include "base/source.hpp"
#include "events/schema.hpp"
#include "model/project.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace birdhouse::testing {

struct EventCase {
    SourceMap sources; // holds the declaration, under the file's name
    model::Datasource datasource;
    model::IngestionRules rules;
    model::PrivacyRules privacy;
    std::string events; // the bytes behind `---`
};

EventCase parse_event_case(const std::string& name, std::string_view text);
EventCase read_event_case(const std::filesystem::path& file);

// Compiles or fails the test.
events::EventSchema compiled(const EventCase& event_case);
// A schema with one column `v` that is fed by `$.v`; `options` as behind the path.
EventCase one_column(const std::string& type, const std::string& options = {});

} // namespace birdhouse::testing
