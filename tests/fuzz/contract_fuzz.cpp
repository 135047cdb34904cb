// Any bytes, read as a recorded contract: one that reads is written and read back the same, differs in
// nothing from itself, and can be held against another.
#include "codec/contract_diff.hpp"
#include "codec/contract_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace birdhouse;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    SourceMap sources;
    Diagnostics problems;
    const SourceId source = sources.add("pipes/contracts/top.v1.json", std::string(data, data + size));
    const auto contract = codec::read_contract(source, sources, problems);
    render_text(problems, sources);
    if (!contract) {
        return 0;
    }
    const std::string text = codec::write_contract(*contract);
    const auto again =
        codec::read_contract(sources.add("pipes/contracts/top.v1.json", text), sources, problems);
    if (!again || !(*again == *contract) || codec::write_contract(*again) != text) {
        std::abort();
    }
    if (!codec::diff_contracts(*contract, *again, "top").empty()) {
        std::abort();
    }
    for (const model::Change& change : codec::diff_contracts(*contract, model::Contract(), "top")) {
        describe(change);
    }
    return 0;
}
