#include "fault/proxy.hpp"

#include "base/text.hpp"
#include "events/inflate.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string_view>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace birdhouse::testing {

namespace {

bool receive(int connection, std::string& bytes) {
    std::string block(64 << 10U, '\0');
    const ssize_t got = ::recv(connection, block.data(), block.size(), 0);
    bytes.append(block, 0, got > 0 ? static_cast<std::size_t>(got) : 0);
    return got > 0;
}

void send_all(int connection, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return; // the client is gone, as it may be
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

net::HttpRequest parse_head(std::string_view head) {
    net::HttpRequest request;
    const std::vector<std::string_view> lines = split(head, '\n');
    const std::vector<std::string_view> words = split(trim(lines.front()), ' ');
    request.method = words.at(0);
    const std::string_view target = words.at(1);
    const std::size_t question = target.find('?');
    request.path = net::percent_decode(target.substr(0, question));
    if (question != std::string_view::npos) {
        request.query = net::parse_form(target.substr(question + 1));
    }
    for (const std::string_view line : lines) {
        if (const std::size_t colon = line.find(": "); colon != std::string_view::npos) {
            request.headers.emplace_back(to_lower_ascii(line.substr(0, colon)),
                                         std::string(trim(line.substr(colon + 2))));
        }
    }
    return request;
}

// Nothing when the client closed the connection first.
std::optional<net::HttpRequest> read_request(int connection) {
    std::string bytes;
    std::size_t head_end = std::string::npos;
    while ((head_end = bytes.find("\r\n\r\n")) == std::string::npos) {
        if (!receive(connection, bytes)) {
            return std::nullopt;
        }
    }
    net::HttpRequest request = parse_head(std::string_view(bytes).substr(0, head_end));
    const std::size_t length = std::stoul(net::find(request.headers, "content-length").value_or("0"));
    request.body = bytes.substr(head_end + 4);
    while (request.body.size() < length) {
        if (!receive(connection, request.body)) {
            return std::nullopt;
        }
    }
    return request;
}

std::string head_of(const net::HttpResponse& response) {
    std::string head = "HTTP/1.1 " + std::to_string(response.status) +
                       " Status\r\nContent-Type: " + response.content_type +
                       "\r\nContent-Length: " + std::to_string(response.body.size()) + "\r\n";
    for (const auto& [name, value] : response.headers) {
        head += name + ": " + value + "\r\n";
    }
    return head + "\r\n";
}

net::HttpResponse refusal(int status, net::Fields headers = {}) {
    return {status, "application/json", "{\"error\":\"as it was told\"}", std::move(headers)};
}

} // namespace

FaultProxy::FaultProxy(Upstream upstream, Choose choose)
    : upstream_(std::move(upstream)), choose_(std::move(choose)) {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listening_, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        ::listen(listening_, SOMAXCONN) != 0 || ::pipe2(wake_, O_CLOEXEC) != 0 ||
        ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error("no port of loopback can be had");
    }
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this] { run(); });
}

FaultProxy::~FaultProxy() {
    ::close(wake_[1]);
    thread_.join();
    ::close(wake_[0]);
    ::close(listening_);
}

void FaultProxy::run() {
    std::vector<pollfd> all = {{wake_[0], POLLIN, 0}, {listening_, POLLIN, 0}};
    while (true) {
        ::poll(all.data(), all.size(), -1);
        if (all[0].revents != 0) {
            break;
        }
        for (std::size_t i = 2; i < all.size(); ++i) {
            if (all[i].revents != 0 && !serve(all[i].fd)) {
                ::close(all[i].fd);
                all[i].fd = -1;
            }
        }
        if (all[1].revents != 0) {
            all.push_back({::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC), POLLIN, 0});
        }
        std::erase_if(all, [](const pollfd& one) { return one.fd < 0; });
    }
    for (std::size_t i = 2; i < all.size(); ++i) {
        ::close(all[i].fd);
    }
}

bool FaultProxy::serve(int connection) {
    const std::optional<net::HttpRequest> request = read_request(connection);
    return request && answer(connection, choose_(requests_++), *request);
}

bool FaultProxy::answer(int connection, Fault fault, const net::HttpRequest& request) {
    const auto refuse = [&](int status, net::Fields headers = {}) {
        const net::HttpResponse response = refusal(status, std::move(headers));
        send_all(connection, head_of(response) + response.body);
        return true;
    };
    switch (fault) {
    case Fault::DropBefore:
        return false;
    case Fault::TooMany:
        return refuse(429, {{"Retry-After", "1"}});
    case Fault::TooManyBare:
        return refuse(429);
    case Fault::Busy:
        return refuse(503);
    case Fault::FailBefore:
        return refuse(500);
    default:
        break;
    }
    const net::HttpResponse response = upstream_(request);
    const std::string head = head_of(response);
    switch (fault) {
    case Fault::DropAfter:
        return false;
    case Fault::NoAnswer:
        return true;
    case Fault::CutHead:
        send_all(connection, head.substr(0, head.size() / 2));
        return false;
    case Fault::CutBody:
        send_all(connection, head + response.body.substr(0, response.body.size() / 2));
        return false;
    case Fault::FailAfter:
        return refuse(500);
    case Fault::Partly:
        return refuse(422);
    default:
        send_all(connection, head + response.body);
        return true;
    }
}

net::HttpResponse CountingEvents::take(const net::HttpRequest& request) {
    const std::scoped_lock lock(mutex_);
    ++requests_;
    std::string text;
    std::string_view packed = request.body;
    const events::Packing packing = events::packing_of(packed.substr(0, events::kPackingMark));
    if (packing == events::Packing::None) {
        text = request.body;
    } else {
        events::inflate(
            packing,
            [&](char* into, std::size_t most) {
                const std::size_t size = packed.copy(into, most);
                packed.remove_prefix(size);
                return size;
            },
            [&](std::string_view bytes) {
                text += bytes;
                return true;
            });
    }
    if (text.size() > largest_) {
        return refusal(413);
    }
    std::size_t count = 0;
    for (const std::string_view row : split(text, '\n')) {
        if (!row.empty()) {
            ++count;
            ++rows_[std::string(row)];
        }
    }
    return {200,
            "application/json",
            "{\"successful_rows\":" + std::to_string(count) + ",\"quarantined_rows\":0}",
            {}};
}

std::map<std::string, std::size_t> CountingEvents::rows() const {
    const std::scoped_lock lock(mutex_);
    return rows_;
}

std::size_t CountingEvents::requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
}

} // namespace birdhouse::testing
