#include "ops/dead_letter.hpp"

#include "base/text.hpp"
#include "events/row_writer.hpp"
#include "events/times.hpp"

#include <random>

namespace birdhouse::ops {

namespace fs = std::filesystem;

Result<void> DeadLetter::add(const events::EventSchema& schema, std::string_view row, std::uint64_t line,
                             const std::vector<events::RowNote>& notes) {
    if (!used_) {
        TRY(open());
    }
    line_.clear();
    events::append_dead_letter(line_, schema, row, line, notes);
    file_ << line_;
    return file_ ? Result<void>()
                 : Error{ExitCode::Failed, "cannot write " + backquoted(path_.string()), "free some space"};
}

// Refused rows hold what was sent in full, so only their owner may read them.
Result<void> DeadLetter::open() {
    std::error_code failure;
    if (path_.has_parent_path()) {
        fs::create_directories(path_.parent_path(), failure);
    }
    file_.open(path_, std::ios::binary | std::ios::app);
    if (!file_) {
        return Error{ExitCode::Failed, "cannot write " + backquoted(path_.string()),
                     "name another file: --dead-letter FILE"};
    }
    fs::permissions(path_, fs::perms::owner_read | fs::perms::owner_write, failure);
    used_ = true;
    return {};
}

Result<void> DeadLetter::flush() {
    if (used_) {
        file_.flush();
    }
    return !used_ || file_
               ? Result<void>()
               : Error{ExitCode::Failed, "cannot write " + backquoted(path_.string()), "free some space"};
}

Result<void> DeadLetter::close() {
    file_.close();
    return !used_ || file_
               ? Result<void>()
               : Error{ExitCode::Failed, "cannot write " + backquoted(path_.string()), "free some space"};
}

fs::path default_dead_letter(const fs::path& folder, const std::string& datasource,
                             std::chrono::system_clock::time_point now) {
    std::string time;
    events::append_time(time,
                        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
    time = replace_all(replace_all(replace_all(std::move(time), "-", ""), ":", ""), " ", "T");
    return folder / ".birdhouse" / "refused" / (datasource + "-" + time + "Z.ndjson");
}

std::string new_import_id(std::chrono::system_clock::time_point now) {
    static constexpr std::string_view kSigns = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    constexpr int kTimeSigns = 10;
    constexpr int kChanceSigns = 16;
    const auto milliseconds = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
    std::string id;
    for (int sign = kTimeSigns - 1; sign >= 0; --sign) {
        id += kSigns[(milliseconds >> (5U * static_cast<unsigned>(sign))) & 31U];
    }
    std::random_device chance;
    std::uniform_int_distribution<std::size_t> any_sign(0, kSigns.size() - 1);
    for (int sign = 0; sign < kChanceSigns; ++sign) {
        id += kSigns[any_sign(chance)];
    }
    return id;
}

} // namespace birdhouse::ops
