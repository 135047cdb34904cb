#include "engine/connection.hpp"

#include "base/text.hpp"
#include "engine/failure.hpp"

#include <chrono>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace birdhouse::engine {

namespace {

// Large enough that the cost of a hand-over vanishes, small enough that the engine starts on the first block
// while the rest is still on its way.
constexpr std::size_t kChunk = std::size_t{1} << 20U; // bytes

constexpr int kMoreTries = 5;

template <class T>
class Owned {
public:
    Owned(T* raw, void (*destroy)(T*)) : raw_(raw, destroy) {}
    T* get() const { return raw_.get(); }

private:
    std::unique_ptr<T, void (*)(T*)> raw_;
};

Error unopened(const Storage& storage) {
    const std::string what = storage.in_memory() ? "in memory" : "on " + backquoted(storage.path.string());
    return Error{ExitCode::Failed, "the engine did not start " + what,
                 storage.in_memory()
                     ? ""
                     : "the folder may be damaged, or written by a newer engine: try an empty one"};
}

Result<void> check(const Functions& functions, RawResult* result) {
    if (result == nullptr) {
        return Error{ExitCode::Failed, "the engine gave no answer", {}};
    }
    if (const char* error = functions.result_error(result); error != nullptr) {
        return refused(parse_failure(error));
    }
    return {};
}

Result<void> check(const Functions& functions, RawInsert* stream) {
    const char* error = functions.insert_error(stream);
    if (error != nullptr && *error != '\0') {
        return refused(parse_failure(error));
    }
    return {};
}

// The four parallel arrays the library takes.
struct BindingArrays {
    explicit BindingArrays(std::span<const Binding> bindings) {
        for (const Binding& binding : bindings) {
            names.push_back(binding.name.data());
            name_sizes.push_back(binding.name.size());
            values.push_back(binding.value.data());
            value_sizes.push_back(binding.value.size());
        }
    }
    std::vector<const char*> names;
    std::vector<std::size_t> name_sizes;
    std::vector<const char*> values;
    std::vector<std::size_t> value_sizes;
};

// Two spellings of one folder are one storage.
Storage resolved(const Storage& storage) {
    if (storage.in_memory()) {
        return storage;
    }
    std::error_code failure;
    const std::filesystem::path path = std::filesystem::weakly_canonical(storage.path, failure);
    return failure ? storage : Storage{path};
}

std::vector<std::string> arguments_for(const Storage& storage, std::span<const Setting> settings) {
    std::vector<std::string> arguments = {"birdhouse"};
    if (!storage.in_memory()) {
        arguments.push_back("--path=" + storage.path.string());
    }
    for (const Setting& setting : settings) {
        arguments.push_back("--" + setting.name + "=" + setting.value);
    }
    return arguments;
}

RawConnection** connect(const Functions& functions, std::vector<std::string> arguments) {
    std::vector<char*> pointers;
    pointers.reserve(arguments.size());
    for (std::string& argument : arguments) {
        pointers.push_back(argument.data());
    }
    return functions.connect(static_cast<int>(pointers.size()), pointers.data());
}

// A part that the engine cannot read when it opens a table is moved into the table's folder `detached`, and
// the table is short of its rows from then on without another word.
Result<void> refuse_missing_rows(const Connection& connection) {
    TRY_ASSIGN(const Answer found,
               connection.query("SELECT count(), min(database || '.' || table),"
                                " argMin(path, database || '.' || table)"
                                " FROM system.detached_parts WHERE startsWith(reason, 'broken')",
                                "TSVRaw", {}));
    const std::string_view row = std::string_view(found.bytes).substr(0, found.bytes.find('\n'));
    const std::vector<std::string_view> fields = split(row, '\t');
    if (fields.size() != 3) {
        return Error{ExitCode::Failed, "the engine lists its parts in a way that is not known here", ""};
    }
    if (fields[0] == "0") {
        return {};
    }
    const bool one = fields[0] == "1";
    return Error{ExitCode::Failed,
                 "the storage is damaged: the engine could not read " + std::string(fields[0]) +
                     (one ? " part" : " parts") + " and put " + (one ? "it" : "them") +
                     " aside, so rows of " + backquoted(printable(fields[1])) + " are missing",
                 "restore the storage from a copy, or accept the loss: move " +
                     backquoted(printable(fields[2])) + (one ? "" : " and the like") + " to another place"};
}

} // namespace

Result<Connection> Connection::open(const std::shared_ptr<Library>& library, const Storage& asked,
                                    std::span<const Setting> settings) {
    const Storage storage = resolved(asked);
    bool begins = false;
    TRY_ASSIGN(Connection opened, library->enter(storage, [&](bool first) -> Result<Connection> {
        begins = first && !storage.in_memory();
        if (begins) {
            TRY(prepare_storage(storage.path));
        }
        RawConnection** raw = connect(library->functions(), arguments_for(storage, settings));
        // Between the look at the storage and here another process may have taken it, or looked at it.
        for (int again = 0; raw == nullptr && !storage.in_memory() && again < kMoreTries; ++again) {
            TRY(prepare_storage(storage.path));
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            raw = connect(library->functions(), arguments_for(storage, settings));
        }
        if (raw == nullptr) {
            return unopened(storage);
        }
        return Connection(Handle(raw, Close{library}));
    }));
    if (begins) {
        TRY(refuse_missing_rows(opened));
    }
    return opened;
}

Result<Answer> Connection::query(std::string_view sql, std::string_view format,
                                 std::span<const Binding> bindings) const {
    const Functions& f = functions();
    const BindingArrays arrays(bindings);
    RawResult* raw =
        bindings.empty()
            ? f.query(*handle_, sql.data(), sql.size(), format.data(), format.size())
            : f.query_with_parameters(*handle_, sql.data(), sql.size(), format.data(), format.size(),
                                      arrays.names.data(), arrays.name_sizes.data(), arrays.values.data(),
                                      arrays.value_sizes.data(), bindings.size());
    const Owned<RawResult> result(raw, f.destroy_result);
    TRY(check(f, raw));
    Answer answer;
    if (const std::size_t length = f.result_length(raw); length != 0) {
        answer.bytes.assign(f.result_buffer(raw), length);
    }
    answer.elapsed_seconds = f.result_elapsed(raw);
    answer.rows_read = f.result_rows_read(raw);
    answer.bytes_read = f.result_bytes_read(raw);
    return answer;
}

Result<std::uint64_t> Connection::insert(std::string_view sql, std::string_view format,
                                         std::string_view bytes) const {
    const Functions& f = functions();
    const Owned<RawInsert> stream(f.insert(*handle_, sql.data(), sql.size(), format.data(), format.size()),
                                  f.destroy_insert);
    TRY(check(f, stream.get()));
    for (std::size_t at = 0; at < bytes.size(); at += kChunk) {
        const std::string_view chunk = bytes.substr(at, kChunk);
        if (f.insert_append(stream.get(), chunk.data(), chunk.size()) != 0) {
            break; // the stream has failed: `done` says why
        }
    }
    const Owned<RawResult> result(f.insert_done(stream.get()), f.destroy_result);
    TRY(check(f, result.get()));
    return f.result_rows_written(result.get());
}

} // namespace birdhouse::engine
