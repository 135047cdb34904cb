// A datafile read from a text, and all that was read from it as text, for golden cases and properties.
#pragma once

#include "base/diagnostic.hpp"
#include "model/connection.hpp"
#include "model/datasource.hpp"
#include "model/pipe.hpp"
#include "syntax/datafile.hpp"

#include <filesystem>
#include <string>

namespace birdhouse::testing {

// By the extension; a name such as `x.classic.pipe` asks for Classic.
syntax::DatafileKind kind_of_file(const std::filesystem::path& path);
syntax::Dialect dialect_of_file(const std::filesystem::path& path);

// Diagnostics, the tree, then the model.
std::string describe_datafile(const std::filesystem::path& path, const std::string& text);
std::string describe(const model::Datasource& datasource);
std::string describe(const model::Pipe& pipe);
std::string describe(const model::Connection& connection);

} // namespace birdhouse::testing
