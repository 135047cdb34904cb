// What the two sides of a remote engine say to each other over a socket: lists of texts, each with its
// length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/socket.h>

namespace birdhouse::testing {

using Message = std::vector<std::string>;

inline bool send_all(int socket, const void* bytes, std::size_t size) {
    const char* next = static_cast<const char*>(bytes);
    while (size != 0) {
        const ssize_t sent = ::send(socket, next, size, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        next += sent;
        size -= static_cast<std::size_t>(sent);
    }
    return true;
}

inline bool receive_all(int socket, void* bytes, std::size_t size) {
    char* next = static_cast<char*>(bytes);
    while (size != 0) {
        const ssize_t received = ::recv(socket, next, size, 0);
        if (received <= 0) {
            return false;
        }
        next += received;
        size -= static_cast<std::size_t>(received);
    }
    return true;
}

inline bool send_message(int socket, const Message& message) {
    const std::uint64_t count = message.size();
    bool sent = send_all(socket, &count, sizeof count);
    for (const std::string& text : message) {
        const std::uint64_t size = text.size();
        sent = sent && send_all(socket, &size, sizeof size) && send_all(socket, text.data(), text.size());
    }
    return sent;
}

// Nothing when the other side is gone.
inline std::optional<Message> receive_message(int socket) {
    std::uint64_t count = 0;
    if (!receive_all(socket, &count, sizeof count)) {
        return std::nullopt;
    }
    Message message(count);
    for (std::string& text : message) {
        std::uint64_t size = 0;
        if (!receive_all(socket, &size, sizeof size)) {
            return std::nullopt;
        }
        text.resize(size);
        if (!receive_all(socket, text.data(), text.size())) {
            return std::nullopt;
        }
    }
    return message;
}

// Numbers as their bytes: both sides are one machine.
template <class Number>
std::string as_text(Number number) {
    std::string text(sizeof number, '\0');
    std::memcpy(text.data(), &number, sizeof number);
    return text;
}

template <class Number>
Number as_number(std::string_view text) {
    Number number{};
    std::memcpy(&number, text.data(), sizeof number);
    return number;
}

// What the worker finds open.
constexpr int kLifeline = 0; // ends when the process that started it does
constexpr int kListener = 3; // for a connection each

} // namespace birdhouse::testing
