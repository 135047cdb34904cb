// The verdict on rows, one at a time or a block of lines at once. Keeps its buffers from row to row: a good
// row allocates nothing.
#pragma once

#include "events/json_cursor.hpp"
#include "events/json_index.hpp"
#include "events/json_row.hpp"
#include "events/schema.hpp"
#include "events/usual_value.hpp"
#include "events/value_check.hpp"
#include "events/verdict.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::events {

class EventChecker {
public:
    // `schema` must outlive the checker; one checker a thread.
    explicit EventChecker(const EventSchema& schema);

    // An accepted row is appended to `written`, when there is one, as a JSONEachRow line with column names
    // for keys. Of two equal keys the first counts. The verdict holds until the next call.
    const Verdict& check(std::string_view row, std::string* written = nullptr);

    // Every line of a block: `take(line, verdict)`; a blank line has no verdict (null). kTextPadding bytes
    // behind `block` are there to be looked at. A row in it costs less than alone, since structure is found
    // in many rows at once.
    template <class Take>
    void check_lines(std::string_view block, Take take);

    // The row that was checked last by `check`, read again for those who look at its values. Its text must
    // still be there. Empty when it is no event.
    const JsonRow& row();

private:
    // A stretch of lines whose structure is known, or is not since one of them is broken.
    struct Stretch {
        std::string_view text;
        bool indexed = false;
    };

    Stretch next_stretch(std::string_view rest);
    const Verdict* check_line(const Stretch& stretch, std::size_t begin, std::size_t end);
    const Verdict& check_alone(std::string_view padded_row, std::string* written);
    bool read_row(std::uint32_t row, std::string* written);
    const Verdict& broken(std::string_view row, const char* complaint);

    // What checking keeps of a node of the schema, side by side. The keys of a row mostly stand as those of
    // the row before: `first_child` and `next` are the nodes that followed last time.
    struct Slot {
        KeyPattern key;
        UsualValue usual;      // of the only column, see PathNode
        std::uint64_t met = 0; // the number of the row that met this node last: nothing to reset
        std::uint32_t next = 0;
        std::uint32_t first_child = 0;
        std::uint32_t only_column = kNoColumn;
        std::uint32_t value = 0;    // the index of the value's place, in the row that met it
        std::uint32_t required = 0; // columns that need this key
    };

    enum class AfterField { Another, Closed, Broken }; // what `,`, `}` or anything else says

    bool walk(std::uint32_t node, int depth, bool kept);
    AfterField take_usual_fields(std::uint32_t*& guess);
    bool take_field(std::uint32_t parent, std::uint32_t& guess, std::uint32_t& node, int depth, bool kept);
    bool take_shared_value(std::uint32_t node, int depth, bool kept, std::uint32_t key_begin,
                           std::uint32_t key_end);
    bool take_column(std::uint32_t column, int depth);
    bool find_key(std::uint32_t parent, std::string_view quoted, std::uint32_t& node);
    void drop(std::uint32_t parent, std::uint32_t key_begin, std::uint32_t key_end);
    void require_columns();
    void apply_row_rules();

    const EventSchema& schema_;
    JsonIndex index_;
    JsonCursor cursor_;
    Verdict verdict_;
    ValueChecker values_;
    JsonRow row_;
    std::string_view row_text_;
    std::string padded_;
    std::vector<Slot> slots_; // by node
    std::vector<std::uint32_t> node_of_column_;
    bool writes_ = false;
    std::size_t required_left_ = 0;
    std::uint64_t row_number_ = 0;
    std::uint32_t row_begin_ = 0;
    std::string unescaped_key_;
};

template <class Take>
void EventChecker::check_lines(std::string_view block, Take take) {
    while (!block.empty()) {
        const Stretch stretch = next_stretch(block);
        for (std::size_t begin = 0; begin < stretch.text.size();) {
            const std::size_t found = stretch.text.find('\n', begin);
            const std::size_t end = found == std::string_view::npos ? stretch.text.size() : found;
            take(stretch.text.substr(begin, end - begin), check_line(stretch, begin, end));
            begin = end + 1;
        }
        block.remove_prefix(stretch.text.size());
    }
}

} // namespace birdhouse::events
