// ENGINE and ENGINE_*: the one table of which directive is which field, for reading and for writing.
#pragma once

#include "codec/datafile_values.hpp"
#include "model/datasource.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

struct EngineDirective {
    std::string_view name; // ENGINE_TTL
    std::string model::TableEngine::*field;
};

// In the order in which they are written.
std::span<const EngineDirective> engine_directives();

// Does nothing for a directive that is not about the engine.
void read_engine_directive(const DatafileReading& reading, const syntax::Directive& directive,
                           model::TableEngine& engine);
// Every value on one line, the engine's name in its own spelling, keys without parentheses round the whole.
model::TableEngine engine_form(model::TableEngine engine);
// The directives that the engine cannot do without and that have no value; none when it is not known.
std::vector<std::string_view> missing_engine_settings(const model::TableEngine& engine);
// Is the engine known, and has it what it needs?
void check_engine(const DatafileReading& reading, const model::TableEngine& engine);

} // namespace birdhouse::codec
