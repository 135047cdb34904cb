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
        std::vector<std::size_t>
            line_ends; // where its lines end: at their line feeds, the last perhaps without
        bool indexed = false;
    };

    void next_stretch(std::string_view rest);
    const Verdict* check_line(std::size_t begin, std::size_t end);
    const Verdict& check_alone(std::string_view padded_row, std::string* written);
    bool read_row(std::uint32_t row, std::string* written);
    const Verdict& broken(std::string_view row, const char* complaint);

    // What checking keeps of a node of the schema, side by side. The keys of a row mostly stand as those of
    // the row before: `first_child` and `next` are the nodes that followed last time.
    struct Slot {
        QuotedPattern key;
        UsualValue usual;      // of the only column, see PathNode
        std::uint64_t met = 0; // the number of the row that met this node last: nothing to reset
        Slot* next = nullptr;  // none: the slot of the document itself, whose key nothing matches
        Slot* first_child = nullptr;
        std::uint32_t only_column = kNoColumn;
        bool only_object = false;   // it has columns below it, and none of its own
        std::uint32_t value = 0;    // the index of the value's place, in the row that met it
        std::uint32_t required = 0; // columns that need this key
    };

    // An object with columns below it that the walk is inside of.
    struct Level {
        std::uint32_t node = 0;
        bool kept = false;      // a column takes the whole of it, or of an object above: no key is lost
        Slot** guess = nullptr; // what is expected next
    };
    enum class Walk { Key, Done, Broken }; // where the cursor stands: at a key, behind the row

    bool walk(bool kept);
    Walk enter(std::uint32_t node, bool kept);
    Walk leave_value();
    Walk take_usual_fields();
    Walk take_field();
    Walk take_shared_value(std::uint32_t node, std::uint32_t key_begin, std::uint32_t key_end);
    bool take_column(std::uint32_t column, int depth);
    bool find_key(std::uint32_t parent, std::string_view quoted, std::uint32_t& node);
    void drop(std::uint32_t parent, std::uint32_t key_begin, std::uint32_t key_end);
    void require_columns();
    void apply_row_rules();

    const EventSchema& schema_;
    JsonIndex index_;
    Stretch stretch_;
    JsonCursor cursor_;
    Verdict verdict_;
    ValueChecker values_;
    JsonRow row_;
    std::string_view row_text_;
    std::string padded_;
    std::vector<Slot> slots_; // by node; never moved
    std::vector<std::uint32_t> node_of_column_;
    std::vector<Level> levels_; // the outermost first; as many as the schema has
    std::size_t depth_ = 0;     // of them are in use
    bool writes_ = false;
    std::size_t required_left_ = 0;
    std::uint64_t row_number_ = 0;
    std::uint32_t row_begin_ = 0;
    std::string unescaped_key_;
};

template <class Take>
void EventChecker::check_lines(std::string_view block, Take take) {
    while (!block.empty()) {
        next_stretch(block);
        std::size_t begin = 0;
        for (const std::size_t end : stretch_.line_ends) {
            take(stretch_.text.substr(begin, end - begin), check_line(begin, end));
            begin = end + 1;
        }
        block.remove_prefix(stretch_.text.size());
    }
}

} // namespace birdhouse::events
