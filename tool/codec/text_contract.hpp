// What an endpoint promises, as far as the text of its pipe tells. Types, and columns behind a `*`, are the
// engine's to say.
#pragma once

#include "model/contract.hpp"
#include "model/pipe.hpp"

#include <set>
#include <string>

namespace birdhouse::codec {

// Of any pipe: of one that is no endpoint it is what its result returns.
model::Contract text_contract(const model::Pipe& pipe);

// What a row of the result stands for, behind the aliases of its GROUP BY. Two grains of one shape and of the
// same tables differ in the names of columns at most.
struct Grain {
    std::string text;
    std::string shape;
    std::set<std::string> tables; // that the nodes of the pipe read
};
Grain grain_of(const model::Pipe& pipe);

} // namespace birdhouse::codec
