#include "events/input_bytes.hpp"

#include "events/inflate.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <istream>
#include <mutex>
#include <thread>

namespace birdhouse::events {

// A queue of unpacked pieces with a thread behind it.
class InputBytes::Unpacker {
public:
    Unpacker(Packing packing, const ReadBytes& packed)
        : thread_([this, packing, packed] { unpack(packing, packed); }) {}
    Unpacker(const Unpacker&) = delete;
    Unpacker& operator=(const Unpacker&) = delete;
    ~Unpacker() {
        {
            const std::scoped_lock lock(mutex_);
            wanted_ = false;
        }
        changed_.notify_all();
        thread_.join();
    }

    std::size_t read(char* into, std::size_t most) {
        std::size_t got = 0;
        while (got < most && (used_ < piece_.size() || next_piece())) {
            const std::size_t taken = piece_.copy(into + got, most - got, used_);
            used_ += taken;
            got += taken;
        }
        return got;
    }

    // Asked for once reading has come to its end.
    std::string failure() {
        const std::scoped_lock lock(mutex_);
        return failure_;
    }

private:
    static constexpr std::size_t kPiecesAhead = 4;

    void unpack(Packing packing, const ReadBytes& packed) {
        const std::string_view fault =
            inflate(packing, packed, [this](std::string_view bytes) { return add_piece(bytes); });
        const std::scoped_lock lock(mutex_);
        failure_ = fault;
        ended_ = true;
        changed_.notify_all();
    }

    bool add_piece(std::string_view bytes) {
        std::string piece(bytes);
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return pieces_.size() < kPiecesAhead || !wanted_; });
        if (wanted_ && !piece.empty()) {
            pieces_.push_back(std::move(piece));
            changed_.notify_all();
        }
        return wanted_;
    }

    bool next_piece() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return !pieces_.empty() || ended_; });
        if (pieces_.empty()) {
            return false;
        }
        piece_ = std::move(pieces_.front());
        pieces_.pop_front();
        used_ = 0;
        changed_.notify_all();
        return true;
    }

    std::string piece_; // the reader's own
    std::size_t used_ = 0;
    std::mutex mutex_; // guards what follows
    std::condition_variable changed_;
    std::deque<std::string> pieces_;
    bool ended_ = false;
    bool wanted_ = true;
    std::string failure_;
    std::thread thread_; // last: it uses all of the above
};

InputBytes::InputBytes(std::istream& stream) : stream_(stream) {}
InputBytes::~InputBytes() = default;

std::size_t InputBytes::read(char* into, std::size_t most) {
    if (!started_) {
        started_ = true;
        std::string start(kPackingMark, '\0');
        start.resize(read_stream(start.data(), start.size()));
        start_ = std::move(start);
        const Packing packing = packing_of(start_);
        if (packing != Packing::None) {
            unpacker_ = std::make_unique<Unpacker>(
                packing, [this](char* to, std::size_t size) { return read_stream(to, size); });
        }
    }
    if (unpacker_ == nullptr) {
        return read_stream(into, most);
    }
    const std::size_t got = unpacker_->read(into, most);
    if (got < most) {
        failure_ = failure_.empty() ? unpacker_->failure() : failure_;
    }
    return got;
}

std::size_t InputBytes::read_stream(char* into, std::size_t most) {
    const std::size_t before = start_.copy(into, most);
    start_.erase(0, before);
    if (before == most || !stream_) {
        return before;
    }
    stream_.read(into + before, static_cast<std::streamsize>(most - before));
    if (stream_.bad()) {
        failure_ = "the input cannot be read further";
    }
    const auto got = static_cast<std::size_t>(stream_.gcount());
    taken_ += got;
    return before + got;
}

} // namespace birdhouse::events
