#include "target/ledger_copy.hpp"

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "target/embedded.hpp"
#include "target/lock.hpp"

#include <algorithm>
#include <system_error>

#include <nlohmann/json.hpp>

namespace birdhouse::target {

namespace {

namespace fs = std::filesystem;

constexpr const char* kFileName = "birdhouse_ledger.ndjson";
constexpr std::size_t kLargestCopy = std::size_t{256} << 20U; // bytes; about half a million entries
constexpr std::string_view kUuidMark = "UUID '";
constexpr std::size_t kUuidLength = 36;

// The engine writes other characters of a database's name in a way of its own; those have no copy.
bool is_plain(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

// `store/4bc/4bc4259a-...`, from the statement that attaches the table; empty when it names none.
fs::path data_folder(const fs::path& storage, std::string_view attach) {
    const std::size_t mark = attach.find(kUuidMark);
    if (mark == std::string_view::npos) {
        return {};
    }
    const std::string_view uuid = attach.substr(mark + kUuidMark.size(), kUuidLength);
    const bool known = uuid.size() == kUuidLength && uuid.find_first_of("/.'") == std::string_view::npos;
    return known ? storage / "store" / uuid.substr(0, 3) / uuid : fs::path();
}

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code failed;
    for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) {
        names.push_back(it->path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return failed ? std::vector<std::string>() : names;
}

fs::path attach_file(const fs::path& storage, const std::string& database, std::string_view table) {
    return storage / "metadata" / database / (std::string(table) + ".sql");
}

// The first line, before the rows.
std::string header_of(const std::string& files, std::string_view rows) {
    return nlohmann::json{{"files", files}, {"rows", sha256(rows)}}.dump();
}

} // namespace

fs::path LedgerCopy::file() const { return storage_ / kFileName; }

// What tells one state of the ledger's table from another: its definition and the names of its parts, which
// the engine never gives twice. Empty when there is no such table.
std::string LedgerCopy::files_of_ledger() const {
    if (!is_plain(database_)) {
        return {};
    }
    const Result<std::string> attach = read_file(attach_file(storage_, database_, kLedgerTable));
    const std::vector<std::string> names =
        attach ? names_in(data_folder(storage_, *attach)) : std::vector<std::string>();
    return names.empty() ? std::string() : sha256(database_ + "\n" + *attach + "\n" + join(names, "\n"));
}

std::optional<std::vector<LedgerEntry>> LedgerCopy::read() const {
    std::error_code unknown;
    const std::string files = files_of_ledger();
    if (files.empty() || fs::exists(attach_file(storage_, database_, kLockTable), unknown) || unknown) {
        return std::nullopt;
    }
    const Result<std::string> copy = read_file(file(), kLargestCopy);
    const std::string_view text = copy ? std::string_view(*copy) : std::string_view();
    const std::size_t header = std::min(text.find('\n'), text.size());
    const std::string_view rows = text.substr(std::min(header + 1, text.size()));
    if (text.substr(0, header) != header_of(files, rows)) {
        return std::nullopt;
    }
    Result<std::vector<LedgerEntry>> entries = parse_entries(rows);
    return entries ? std::optional(std::move(*entries)) : std::nullopt;
}

Result<std::vector<LedgerEntry>> LedgerCopy::renew(Ledger& ledger) const {
    const std::string before = files_of_ledger();
    TRY_ASSIGN(std::vector<LedgerEntry> entries, ledger.read());
    if (!before.empty() && before == files_of_ledger()) {
        std::string rows;
        for (const LedgerEntry& entry : entries) {
            rows += write_entry(entry) + "\n";
        }
        // A storage that cannot be written to is as good without a copy, and only slower.
        static_cast<void>(write_if_changed(file(), header_of(before, rows) + "\n" + rows).ok());
    }
    return entries;
}

std::optional<LedgerCopy> ledger_copy_of(const model::TargetSettings& settings,
                                         const fs::path& project_folder) {
    return settings.kind == model::TargetKind::Embedded
               ? std::optional(LedgerCopy(storage_folder(settings, project_folder), settings.database))
               : std::nullopt;
}

} // namespace birdhouse::target
