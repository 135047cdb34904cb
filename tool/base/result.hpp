// The two ways an operation ends: a value, or one Error that says what happened and what to do.
// Problems inside the user's files are not Errors: they are many and have places, see diagnostic.hpp.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace birdhouse {

// The process exit codes. Scripts depend on the numbers.
enum class ExitCode : int {
    Fine = 0,
    Problems = 1, // problems found, rows refused, drift, or out of date
    Usage = 2,    // the command line asks for something that does not exist
    Failed = 3,   // a target, the disk, the network or the engine failed
    Refused = 4,  // would lose data, or is locked
    Partial = 5,  // stopped part-way, safe to run again
    Bug = 70,
};

struct Error {
    ExitCode code = ExitCode::Failed;
    std::string message; // one line, lower case, no full stop
    std::string hint;    // what to do about it; may be empty
};

template <class T>
class [[nodiscard]] Result {
public:
    // Implicit on purpose: `return value;` and `return Error{...};` both read naturally.
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error failure) : state_(std::in_place_index<1>, std::move(failure)) {}

    bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    T& value() & {
        assert(ok());
        return *std::get_if<0>(&state_);
    }
    const T& value() const& {
        assert(ok());
        return *std::get_if<0>(&state_);
    }
    T&& value() && {
        assert(ok());
        return std::move(*std::get_if<0>(&state_));
    }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }

    const Error& error() const& {
        assert(!ok());
        return *std::get_if<1>(&state_);
    }
    Error&& error() && {
        assert(!ok());
        return std::move(*std::get_if<1>(&state_));
    }

private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error failure) : failure_(std::move(failure)) {}

    bool ok() const { return !failure_.has_value(); }
    explicit operator bool() const { return ok(); }
    const Error& error() const& {
        assert(!ok());
        return *failure_;
    }
    Error&& error() && {
        assert(!ok());
        return std::move(*failure_);
    }

private:
    std::optional<Error> failure_;
};

} // namespace birdhouse

#define BIRDHOUSE_JOIN_(a, b) a##b
#define BIRDHOUSE_JOIN(a, b) BIRDHOUSE_JOIN_(a, b)

// `TRY(expression);` leaves the enclosing function with the error of a failed Result.
#define TRY(expression)                                                                                      \
    do {                                                                                                     \
        if (auto try_result = (expression); !try_result) {                                                   \
            return std::move(try_result).error();                                                            \
        }                                                                                                    \
    } while (false)

// `TRY_ASSIGN(auto rows, channel.query(...));` declares `rows` or leaves with the error.
#define TRY_ASSIGN(declaration, expression)                                                                  \
    auto BIRDHOUSE_JOIN(try_result_, __LINE__) = (expression);                                               \
    if (!BIRDHOUSE_JOIN(try_result_, __LINE__)) {                                                            \
        return std::move(BIRDHOUSE_JOIN(try_result_, __LINE__)).error();                                     \
    }                                                                                                        \
    declaration =                                                                                            \
        std::move(BIRDHOUSE_JOIN(try_result_, __LINE__)).value() // NOLINT(bugprone-macro-parentheses)
