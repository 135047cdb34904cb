// What an endpoint promises, as far as the text of its pipe tells. Types, and columns behind a `*`, are the
// engine's to say.
#pragma once

#include "model/contract.hpp"
#include "model/pipe.hpp"

namespace birdhouse::codec {

// Of any pipe: of one that is no endpoint it is what its result returns.
model::Contract text_contract(const model::Pipe& pipe);

} // namespace birdhouse::codec
