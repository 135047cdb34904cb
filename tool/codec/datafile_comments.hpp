// What a datafile says beside its model, for a definition made of it: comments, and lines that no model
// keeps.
#pragma once

#include "codec/definition_writer.hpp"
#include "model/datasource.hpp"
#include "model/pipe.hpp"
#include "syntax/datafile.hpp"

namespace birdhouse::codec {

// Each comment goes with what stands below it, or before it on its line. Lines that were not understood, or
// that mean nothing to the model, become comments at the head, as they were written.
DefinitionComments collect_comments(const syntax::Datafile& file, const model::Datasource& datasource,
                                    const SourceMap& sources);
DefinitionComments collect_comments(const syntax::Datafile& file, const model::Pipe& pipe,
                                    const SourceMap& sources);
DefinitionComments collect_comments(const syntax::Datafile& file, const SourceMap& sources);

} // namespace birdhouse::codec
