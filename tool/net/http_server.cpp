// The only file that knows cpp-httplib.
#include "net/http_server.hpp"

#include "base/text.hpp"
#include "net/framing.hpp"

#include <atomic>
#include <mutex>
#include <thread>

#include <httplib.h>
#include <sys/socket.h>

namespace birdhouse::net {

namespace {

// Those that reading a body can end in.
enum class BodyEnd { Whole, TooLarge, Broken };

class BodyReader {
public:
    BodyReader(const ServerLimits& limits, HttpRequest& request) : limits_(limits), request_(request) {}

    BodyEnd read(const httplib::Request& from, const httplib::ContentReader& content) {
        const bool read = from.is_multipart_form_data() ? read_parts(content) : read_whole(content);
        return read ? BodyEnd::Whole : too_large_ ? BodyEnd::TooLarge : BodyEnd::Broken;
    }

private:
    bool read_whole(const httplib::ContentReader& content) {
        return content([&](const char* bytes, std::size_t size) { return take(request_.body, bytes, size); });
    }

    bool read_parts(const httplib::ContentReader& content) {
        return content(
            [&](const httplib::MultipartFormData& part) {
                request_.parts.push_back({part.name, part.filename, ""});
                too_large_ = too_large_ || request_.parts.size() > limits_.largest_part_count;
                return !too_large_;
            },
            [&](const char* bytes, std::size_t size) {
                return take(request_.parts.back().content, bytes, size);
            });
    }

    bool take(std::string& into, const char* bytes, std::size_t size) {
        size_ += size;
        too_large_ = too_large_ || size_ > limits_.largest_body;
        if (!too_large_) {
            into.append(bytes, size);
        }
        return !too_large_;
    }

    const ServerLimits& limits_;
    HttpRequest& request_;
    std::size_t size_ = 0;
    bool too_large_ = false;
};

HttpRequest request_of(const httplib::Request& from) {
    HttpRequest request;
    request.method = from.method;
    request.path = from.path;
    const std::size_t question = from.target.find('?');
    if (question != std::string::npos) { // the library keeps no order between names
        request.query = parse_form(std::string_view(from.target).substr(question + 1));
    }
    for (const auto& [name, value] : from.headers) {
        request.headers.emplace_back(to_lower_ascii(name), value);
    }
    return request;
}

// A body that the library holds it packs for whoever takes brotli, and that is dearer than most of what is
// answered here; a body that is asked for it sends as it is. Errors it takes for its own unless it holds
// them.
void write(HttpResponse response, httplib::Response& to) {
    to.status = response.status;
    for (const auto& [name, value] : response.headers) {
        to.set_header(name, value);
    }
    constexpr int kFirstError = 400;
    if (response.content_type.empty()) {
        return;
    }
    if (response.body.empty() || response.status >= kFirstError) {
        to.set_content(response.body, response.content_type);
        return;
    }
    const std::size_t size = response.body.size();
    to.set_content_provider(
        size, response.content_type,
        [body = std::move(response.body)](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
            return sink.write(body.data() + offset, length);
        });
}

HttpResponse refusal(int status, std::string_view text) {
    return {status, "application/json; charset=UTF-8", R"({"error":")" + std::string(text) + "\"}", {}};
}

// The connection ends with it: what follows on it was not read, and may be no request. The library closes a
// connection when whoever provides an answer gives up; here that is after the last byte of it.
void write_last(HttpResponse response, httplib::Response& to) {
    to.status = response.status;
    to.set_header("Connection", "close");
    const std::size_t size = response.body.size();
    to.set_content_provider(
        size, response.content_type,
        [body = std::move(response.body)](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
            sink.write(body.data() + offset, length);
            return false;
        });
}

} // namespace

class HttpServer::Impl {
public:
    Impl(HttpHandler handler, ServerLimits limits) : handler_(std::move(handler)), limits_(limits) {
        server_.new_task_queue = [threads = limits.threads] { return new httplib::ThreadPool(threads); };
        server_.set_read_timeout(limits.read_timeout_seconds);
        server_.set_write_timeout(limits.write_timeout_seconds);
        server_.set_payload_max_length(limits.largest_body + 1); // what is larger is refused while it is read
        server_.set_keep_alive_max_count(limits.requests_of_connection);
        server_.set_tcp_nodelay(true);
        // By default two servers may share a port, and either would get the other's requests.
        server_.set_socket_options([this](int socket) {
            const int yes = 1;
            ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
            listening_ = socket;
        });
        const auto plain = [this](const httplib::Request& from, httplib::Response& to) {
            write(handler_(request_of(from)), to);
        };
        const auto with_body = [this](const httplib::Request& from, httplib::Response& to,
                                      const httplib::ContentReader& content) {
            HttpRequest request = request_of(from);
            if (!announces_body(request.headers)) {
                return write(handler_(request), to); // the library would wait for one
            }
            switch (BodyReader(limits_, request).read(from, content)) {
            case BodyEnd::Whole:
                return write(handler_(request), to);
            case BodyEnd::TooLarge:
                return write(refusal(413, "the body is larger than this server takes"), to);
            case BodyEnd::Broken:
                return write(refusal(400, "the body cannot be read"), to);
            }
        };
        // The library matches paths by a regular expression, which takes a stack frame a byte.
        constexpr std::size_t kLongestPath = 2048;
        server_.set_pre_routing_handler([](const httplib::Request& from, httplib::Response& to) {
            const std::string_view fault = framing_fault(from.method, request_of(from).headers);
            if (from.path.size() <= kLongestPath && fault.empty()) {
                return httplib::Server::HandlerResponse::Unhandled;
            }
            write_last(fault.empty() ? refusal(414, "the path is too long") : refusal(400, fault), to);
            return httplib::Server::HandlerResponse::Handled;
        });
        constexpr const char* kAnyPath = R"([\s\S]*)";
        server_.Get(kAnyPath, plain);
        server_.Options(kAnyPath, plain);
        server_.Post(kAnyPath, with_body);
        server_.Put(kAnyPath, with_body);
        server_.Patch(kAnyPath, with_body);
        server_.Delete(kAnyPath, with_body);
        server_.set_error_handler([](const httplib::Request&, httplib::Response& to) {
            if (to.body.empty()) { // by the library itself
                write(refusal(to.status, "the request cannot be read"), to);
            }
        });
    }

    Result<std::uint16_t> bind(const std::string& host, std::uint16_t port) {
        const int taken = port == 0                          ? server_.bind_to_any_port(host)
                          : server_.bind_to_port(host, port) ? port
                                                             : -1;
        if (taken < 0) {
            return Error{ExitCode::Failed,
                         "cannot listen on " + host + ":" + std::to_string(port) +
                             ": the port is taken or not permitted",
                         "choose another with --port, or 0 for any that is free"};
        }
        ::listen(listening_, kMostWaiting); // again: the library lets five wait
        return static_cast<std::uint16_t>(taken);
    }

    void run() {
        {
            const std::lock_guard lock(mutex_);
            if (stop_asked_) {
                return;
            }
            running_ = true;
        }
        server_.listen_after_bind();
        running_ = false;
    }

    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stop_asked_ = true;
        }
        // The library forgets a stop that comes before it listens.
        while (running_ && !server_.is_running()) {
            std::this_thread::yield();
        }
        server_.stop();
    }

private:
    static constexpr int kMostWaiting = 512; // connections that came, and that no thread serves yet

    int listening_ = -1;
    std::mutex mutex_;
    bool stop_asked_ = false; // once asked, `run` never listens again
    std::atomic<bool> running_ = false;
    HttpHandler handler_;
    ServerLimits limits_;
    httplib::Server server_;
};

HttpServer::HttpServer(HttpHandler handler, ServerLimits limits)
    : impl_(std::make_unique<Impl>(std::move(handler), limits)) {}
HttpServer::~HttpServer() = default;

Result<std::uint16_t> HttpServer::bind(const std::string& host, std::uint16_t port) {
    return impl_->bind(host, port);
}
void HttpServer::run() { impl_->run(); }
void HttpServer::stop() { impl_->stop(); }

} // namespace birdhouse::net
