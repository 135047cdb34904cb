// What a route gives: a value, or the status and text that its client is to see.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace birdhouse::server {

struct ApiError {
    int status = 400;
    std::string text;
};

// Statuses for failures of the layers below: what the caller asked wrongly is 400, no room is 503, the rest
// is ours.
ApiError api_error(const Error& error);
// The disk, the memory or the number of parts has no room: the same request may be taken later.
bool is_unavailable(const Error& error);
// Workspaces do not know what the engine calls their databases.
std::string without_database(std::string text, std::string_view database);

template <class T>
class [[nodiscard]] ApiResult {
public:
    // Implicit on purpose, as in base/result.hpp.
    ApiResult(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    ApiResult(ApiError error) : state_(std::in_place_index<1>, std::move(error)) {}
    ApiResult(const Error& error) : state_(std::in_place_index<1>, api_error(error)) {}

    bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }
    T& value() & { return *std::get_if<0>(&state_); }
    const T& value() const& { return *std::get_if<0>(&state_); }
    T&& value() && { return std::move(*std::get_if<0>(&state_)); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    const ApiError& error() const& { return *std::get_if<1>(&state_); }
    ApiError&& error() && { return std::move(*std::get_if<1>(&state_)); }

private:
    std::variant<T, ApiError> state_;
};

struct Done {};
using ApiStatus = ApiResult<Done>; // nothing to give but that it was done

} // namespace birdhouse::server
