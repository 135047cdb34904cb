#include "net/http_client.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <mutex>

#include <curl/curl.h>

namespace birdhouse::net {

namespace {

// An answer larger than this is an error, not an answer: Tinybird's own limit for results is 100 MB.
constexpr std::size_t kLargestAnswer = std::size_t{512} << 20U;
constexpr long kConnectTimeoutMs = 10'000;
// Balancers forget connections that idle, and tell nobody: a call over one is never answered.
constexpr long kLongestIdleSeconds = 30;

struct CurlDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    void operator()(curl_mime* form) const { curl_mime_free(form); }
};
using Handle = std::unique_ptr<CURL, CurlDeleter>;
using HeaderList = std::unique_ptr<curl_slist, CurlDeleter>;
using Form = std::unique_ptr<curl_mime, CurlDeleter>;

// Writing to a connection that is closed raises SIGPIPE from within TLS, and without signals of its own curl
// does not hold it back. It is held back for this thread alone, and taken if it came.
class NoBrokenPipe {
public:
    NoBrokenPipe() {
        sigemptyset(&pipe_);
        sigaddset(&pipe_, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    NoBrokenPipe(const NoBrokenPipe&) = delete;
    NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;
    ~NoBrokenPipe() {
        const timespec at_once{};
        if (sigismember(&before_, SIGPIPE) == 0) {
            while (sigtimedwait(&pipe_, nullptr, &at_once) == SIGPIPE) {
            }
        }
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

private:
    sigset_t pipe_{};
    sigset_t before_{};
};

// What a call in progress reads from and writes to.
struct Exchange {
    HttpResponse response;
    std::string_view unsent; // of the body
    bool has_head = false;   // of an answer that is not an interim one
    std::stop_token stop;
    bool too_large = false;
};

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    const std::size_t length = size * count;
    if (exchange.response.body.size() + length > kLargestAnswer) {
        exchange.too_large = true;
        return 0;
    }
    exchange.response.body.append(bytes, length);
    return length;
}

std::size_t give_body(char* into, std::size_t size, std::size_t count, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    const std::size_t given = exchange.unsent.copy(into, size * count);
    exchange.unsent.remove_prefix(given);
    return given;
}

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    const std::string_view line(bytes, size * count);
    if (line.starts_with("HTTP/")) {
        exchange.response.headers.clear(); // an interim answer, such as 100 Continue, came before this one
        exchange.has_head = false;
    } else if (trim(line).empty()) {
        exchange.has_head = true;
    } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
        exchange.response.headers.emplace_back(to_lower_ascii(trim(line.substr(0, colon))),
                                               std::string(trim(line.substr(colon + 1))));
    }
    return line.size();
}

int look_for_stop(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const Exchange*>(user)->stop.stop_requested() ? 1 : 0;
}

void initialise_once() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

// False when the list cannot grow.
bool append(HeaderList& list, const std::string& line) {
    curl_slist* grown = curl_slist_append(list.get(), line.c_str());
    if (grown == nullptr) {
        return false;
    }
    static_cast<void>(list.release());
    list.reset(grown);
    return true;
}

HeaderList headers_of(const HttpCall& call) {
    HeaderList list;
    bool whole = append(list, "Expect:"); // a second round trip for each batch otherwise
    for (const auto& [name, value] : call.headers) {
        whole = whole && append(list, value.empty() ? name + ";" : name + ": " + value);
    }
    if (!call.token.empty()) {
        whole = whole && append(list, "Authorization: Bearer " + call.token);
    }
    // curl gives every body the type of a form unless told.
    if (call.parts.empty() && !find(call.headers, "Content-Type")) {
        whole = whole && append(list, "Content-Type:");
    }
    return whole ? std::move(list) : HeaderList();
}

Form form_of(CURL* handle, const std::vector<FormPart>& parts) {
    Form form(curl_mime_init(handle));
    for (const FormPart& part : parts) {
        curl_mimepart* added = curl_mime_addpart(form.get());
        curl_mime_name(added, part.name.c_str());
        curl_mime_data(added, part.content.data(), part.content.size());
        if (!part.filename.empty()) {
            curl_mime_filename(added, part.filename.c_str());
        }
    }
    return form;
}

void set_body(CURL* handle, const HttpCall& call, const Form& form, Exchange& exchange) {
    const bool changes = call.method != "GET" && call.method != "HEAD";
    if (call.method == "HEAD") {
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    } else if (form) {
        curl_easy_setopt(handle, CURLOPT_MIMEPOST, form.get());
    } else if (!call.body.empty()) {
        // CURLOPT_POSTFIELDS could be sent twice; what is read from here is gone.
        exchange.unsent = call.body;
        curl_easy_setopt(handle, CURLOPT_POST, 1L);
        curl_easy_setopt(handle, CURLOPT_READFUNCTION, give_body);
        curl_easy_setopt(handle, CURLOPT_READDATA, &exchange);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
    } else if (call.method == "POST" || call.method == "PUT") {
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, "");
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t{0});
    }
    curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, changes && (form || call.body.empty()) ? 1L : 0L);
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, call.method == "HEAD" ? nullptr : call.method.c_str());
}

std::string without_query(const std::string& url) { return url.substr(0, url.find('?')); }

// Nothing of the call had left when these came.
constexpr std::array kNeverSent{CURLE_COULDNT_RESOLVE_HOST,     CURLE_COULDNT_RESOLVE_PROXY,
                                CURLE_COULDNT_CONNECT,          CURLE_SSL_CONNECT_ERROR,
                                CURLE_PEER_FAILED_VERIFICATION, CURLE_URL_MALFORMAT,
                                CURLE_UNSUPPORTED_PROTOCOL};

HttpFailure failure_of(CURL* handle, CURLcode code, const char* words, const HttpCall& call,
                       const Exchange& exchange) {
    HttpFailure failure;
    long sent = 0;
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &sent);
    const bool never_sent = std::find(kNeverSent.begin(), kNeverSent.end(), code) != kNeverSent.end();
    failure.delivery = never_sent || sent == 0 ? Delivery::NotSent : Delivery::Unknown;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    constexpr long kFirstFinal = 200;
    failure.status = exchange.has_head && status >= kFirstFinal ? static_cast<int>(status) : 0;
    failure.timed_out = code == CURLE_OPERATION_TIMEDOUT;
    failure.cancelled = code == CURLE_ABORTED_BY_CALLBACK;
    std::string reason = *words != '\0' ? words : curl_easy_strerror(code);
    if (code == CURLE_SEND_FAIL_REWIND) {
        reason = "the connection was closed before the answer";
    }
    if (exchange.too_large) {
        reason = "the answer is larger than 512 MiB";
    } else if (failure.timed_out) {
        reason = "no answer within " + std::to_string(call.timeout.count()) + " ms";
    } else if (failure.cancelled) {
        reason = "stopped before it was answered";
    }
    failure.message = call.method + " " + without_query(call.url) + ": " + reason;
    return failure;
}

} // namespace

class CurlClient::Impl {
public:
    Impl(std::stop_token stop, std::string user_agent)
        : stop_(std::move(stop)), user_agent_(std::move(user_agent)) {
        initialise_once();
        handle_.reset(curl_easy_init());
    }

    HttpOutcome call(const HttpCall& call) {
        CURL* handle = handle_.get();
        const HeaderList headers = handle == nullptr ? HeaderList() : headers_of(call);
        if (!headers) {
            return HttpFailure{Delivery::NotSent, false, false, 0, "out of memory for an HTTP call"};
        }
        curl_easy_reset(handle); // keeps the open connections
        Exchange exchange;
        exchange.stop = stop_;
        std::array<char, CURL_ERROR_SIZE> words{};
        const Form form = call.parts.empty() ? Form() : form_of(handle, call.parts);
        curl_easy_setopt(handle, CURLOPT_URL, call.url.c_str());
        curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(handle, CURLOPT_USERAGENT, user_agent_.c_str());
        curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");
        curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
        curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(call.timeout.count()));
        curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                         std::min(kConnectTimeoutMs, static_cast<long>(call.timeout.count())));
        curl_easy_setopt(handle, CURLOPT_MAXAGE_CONN, kLongestIdleSeconds);
        curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, words.data());
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, &exchange);
        curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
        curl_easy_setopt(handle, CURLOPT_HEADERDATA, &exchange);
        curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, look_for_stop);
        curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &exchange);
        set_body(handle, call, form, exchange);
        const NoBrokenPipe no_broken_pipe;
        if (const CURLcode code = curl_easy_perform(handle); code != CURLE_OK) {
            return failure_of(handle, code, words.data(), call, exchange);
        }
        if (!exchange.has_head) { // curl takes a head that breaks off for a whole one
            return HttpFailure{Delivery::Unknown, false, false, 0,
                               call.method + " " + without_query(call.url) +
                                   ": the answer broke off in its head"};
        }
        long status = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
        exchange.response.status = static_cast<int>(status);
        exchange.response.content_type = find(exchange.response.headers, "content-type").value_or("");
        return std::move(exchange.response);
    }

private:
    std::stop_token stop_;
    std::string user_agent_;
    Handle handle_;
};

CurlClient::CurlClient(std::stop_token stop, std::string user_agent)
    : impl_(std::make_unique<Impl>(std::move(stop), std::move(user_agent))) {}
CurlClient::~CurlClient() = default;

HttpOutcome CurlClient::call(const HttpCall& call) { return impl_->call(call); }

} // namespace birdhouse::net
