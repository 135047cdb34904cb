#include "target/target.hpp"

namespace birdhouse::target {

Result<std::unique_ptr<SqlChannel>> TargetOpener::open_channel(const std::filesystem::path&, ChannelUse) {
    return Error{ExitCode::Failed, "no engine can be opened here", ""};
}

} // namespace birdhouse::target
