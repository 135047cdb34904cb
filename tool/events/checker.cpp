#include "events/checker.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "events/json_text.hpp"
#include "events/row_rule.hpp"

#include <optional>

namespace birdhouse::events {

namespace {

// Of structure: so long that finding it costs little a row, so short that it stays in the nearest cache and
// that one broken row makes few others be read alone.
constexpr std::size_t kStretch = std::size_t{16} << 10U;

std::string_view without_line_end(std::string_view line) {
    line.remove_suffix(line.ends_with('\r') ? 1 : 0);
    return line;
}

// A row that begins and ends as an object does, or a blank line. Rows that are cut off are the commonest
// broken ones, and would make all others of their stretch be read alone.
bool is_visibly_whole(std::string_view line) {
    if (line.size() > 1 && line.front() == '{' && line.back() == '}') {
        return true;
    }
    const std::string_view row = trim(line);
    return row.empty() || (row.front() == '{' && row.back() == '}');
}

} // namespace

EventChecker::EventChecker(const EventSchema& schema)
    : schema_(schema), values_(schema, cursor_, verdict_), slots_(schema.nodes().size()),
      node_of_column_(schema.columns().size(), 0), levels_(schema.nodes().size() + 1) {
    for (std::uint32_t index = 0; index < slots_.size(); ++index) {
        const PathNode& node = schema.nodes()[index];
        slots_[index].key = node.pattern;
        slots_[index].only_column = node.only_column;
        slots_[index].only_object = node.columns.empty() && index != 0;
        if (node.only_column != kNoColumn) {
            slots_[index].usual = UsualValue::of(schema.columns()[node.only_column]);
        }
        for (const std::uint32_t column : node.columns) {
            node_of_column_[column] = index;
            slots_[index].required += schema.is_required(column) ? 1U : 0U;
        }
        Slot** place = &slots_[index].first_child;
        for (const std::uint32_t child : node.children) {
            *place = &slots_[child];
            place = &slots_[child].next;
        }
        *place = &slots_.front();
    }
}

const Verdict& EventChecker::check(std::string_view row, std::string* written) {
    row_text_ = row;
    padded_.assign(row);
    padded_.append(kTextPadding, '\0');
    return check_alone(std::string_view(padded_).substr(0, row.size()), written);
}

const JsonRow& EventChecker::row() {
    row_.parse(row_text_);
    return row_;
}

const Verdict& EventChecker::check_alone(std::string_view row, std::string* written) {
    const char* complaint = row.size() >= kLargestText ? "the row is larger than 4 GiB" : index_.build(row);
    if (complaint != nullptr) {
        return broken(row, complaint);
    }
    cursor_ = {row.data(), index_.places().data(), 0};
    if (!read_row(0, written) || cursor_.at != index_.places().size()) {
        return broken(row, "the row cannot be read");
    }
    return verdict_;
}

// What is wrong with a row is found by a slower reader, which can tell.
const Verdict& EventChecker::broken(std::string_view row, const char* complaint) {
    verdict_.clear();
    verdict_.status = RowStatus::NotAnEvent;
    const JsonFault fault = row_.diagnose(row).value_or(JsonFault{&codes::E020, 0, complaint});
    verdict_.reasons.push_back({fault.code, kNoColumn, fault.offset, fault.offset, fault.text});
    return verdict_;
}

// The next lines of a block: as many as make a stretch, up to one that is visibly cut off, or one line if
// that is longer or cut off itself.
void EventChecker::next_stretch(std::string_view rest) {
    stretch_.line_ends.clear();
    std::size_t size = 0;
    bool whole = true;
    while (whole && size < rest.size() && size < kStretch) {
        const std::size_t found = rest.find('\n', size);
        const std::size_t end = found == std::string_view::npos ? rest.size() : found;
        whole = is_visibly_whole(rest.substr(size, end - size));
        if (size != 0 && (!whole || end > kStretch)) {
            break;
        }
        stretch_.line_ends.push_back(end);
        size = std::min(end + 1, rest.size());
    }
    stretch_.text = rest.substr(0, size);
    // No line feed stands inside a text, or building would have failed: the rows cannot disturb each other.
    // The last one is left out, so that the place behind the last row is no structure.
    stretch_.indexed =
        size < kLargestText && index_.build(rest.substr(0, stretch_.line_ends.back())) == nullptr;
    cursor_ = stretch_.indexed ? JsonCursor{rest.data(), index_.places().data(), 0} : JsonCursor{};
}

// A line of the stretch. Null: it is blank.
const Verdict* EventChecker::check_line(std::size_t begin, std::size_t end) {
    const std::string_view line = without_line_end(stretch_.text.substr(begin, end - begin));
    if (!stretch_.indexed) {
        return trim(line).empty() ? nullptr : &check_alone(line, nullptr);
    }
    // Between rows the cursor stands at the first place behind the row before.
    const std::span<const std::uint32_t> places = index_.places();
    if (cursor_.at == places.size() || cursor_.place() >= end) {
        return nullptr; // a blank line
    }
    const std::size_t start = cursor_.at;
    const bool sound = read_row(static_cast<std::uint32_t>(begin), nullptr) &&
                       cursor_.places[cursor_.at - 1] < end &&
                       (cursor_.at == places.size() || cursor_.place() >= end);
    if (sound) {
        return &verdict_;
    }
    for (cursor_.at = start; cursor_.at < places.size() && cursor_.place() < end; ++cursor_.at) {
    }
    return &broken(line, "the row cannot be read");
}

// The row under the cursor. False: it is not well formed, or no object.
bool EventChecker::read_row(std::uint32_t row, std::string* written) {
    verdict_.clear();
    ++row_number_;
    row_begin_ = row;
    required_left_ = schema_.required().size() - slots_.front().required;
    slots_.front().met = row_number_;
    values_.begin_row(row, written);
    writes_ = written != nullptr;
    if (cursor_.here() != '{') {
        return false;
    }
    const std::size_t before = written == nullptr ? 0 : written->size();
    if (written != nullptr) {
        *written += '{';
    }
    const std::vector<std::uint32_t>& whole = schema_.nodes().front().columns;
    bool sound = true;
    for (const std::uint32_t column : whole) {
        const std::size_t start = cursor_.at;
        sound = sound && take_column(column, 0);
        cursor_.at = start;
    }
    sound = sound && walk(!whole.empty());
    if (sound && required_left_ != 0) {
        require_columns();
    }
    if (sound && verdict_.reasons.empty()) {
        apply_row_rules();
    }
    verdict_.status = verdict_.reasons.empty() ? RowStatus::Accepted : RowStatus::Quarantined;
    if (written != nullptr && sound && verdict_.status == RowStatus::Accepted) {
        *written += "}\n";
    } else if (written != nullptr) {
        written->resize(before);
    }
    return sound;
}

// The object under the cursor and the objects in it that have columns below them.
bool EventChecker::walk(bool kept) {
    depth_ = 0;
    Walk at = enter(0, kept);
    while (at == Walk::Key) {
        at = writes_ ? Walk::Key : take_usual_fields();
        at = at == Walk::Key ? take_field() : at;
    }
    return at == Walk::Done;
}

// Into the object under the cursor.
EventChecker::Walk EventChecker::enter(std::uint32_t node, bool kept) {
    levels_[depth_++] = {node, kept, &slots_[node].first_child};
    ++cursor_.at;
    if (cursor_.here() != '}') {
        return Walk::Key;
    }
    --depth_;
    ++cursor_.at;
    return leave_value();
}

// Behind a value: over `,` to the next key, or over `}` out of the objects that end here.
EventChecker::Walk EventChecker::leave_value() {
    while (depth_ != 0) {
        const char behind = cursor_.here();
        ++cursor_.at;
        if (behind == ',') {
            return Walk::Key;
        }
        if (behind != '}') {
            return Walk::Broken;
        }
        --depth_;
    }
    return Walk::Done;
}

// Expected keys with usual values for their only columns: nearly all fields of nearly all rows. Stops at the
// first other one, which take_field decides.
EventChecker::Walk EventChecker::take_usual_fields() {
    const char* const text = cursor_.text;
    const std::uint32_t* places = cursor_.places + cursor_.at;
    const std::uint64_t row = row_number_;
    Slot** guess = levels_[depth_ - 1].guess;
    while (true) {
        Slot& slot = **guess;
        if (!slot.key.matches(text + places[0], places[1] - places[0]) || text[places[1]] != ':' ||
            slot.met == row) {
            break;
        }
        if (slot.only_object && text[places[2]] == '{' && text[places[3]] != '}') {
            slot.met = row;
            slot.value = static_cast<std::uint32_t>(places + 2 - cursor_.places);
            levels_[depth_ - 1].guess = &slot.next;
            const bool kept = levels_[depth_ - 1].kept;
            guess = &slot.first_child;
            levels_[depth_++] = {static_cast<std::uint32_t>(&slot - slots_.data()), kept, guess};
            places += 3;
            continue;
        }
        const std::size_t taken = slot.usual.places_of(text, places + 2);
        if (taken == 0) {
            break;
        }
        slot.met = row;
        slot.value = static_cast<std::uint32_t>(places + 2 - cursor_.places);
        required_left_ -= slot.required;
        guess = &slot.next;
        places += 2 + taken;
        if (text[places[0]] == ',') {
            ++places;
            continue;
        }
        levels_[depth_ - 1].guess = guess;
        cursor_.at = static_cast<std::size_t>(places - cursor_.places);
        if (const Walk walk = leave_value(); walk != Walk::Key) {
            return walk;
        }
        places = cursor_.places + cursor_.at;
        guess = levels_[depth_ - 1].guess;
    }
    levels_[depth_ - 1].guess = guess;
    cursor_.at = static_cast<std::size_t>(places - cursor_.places);
    return Walk::Key;
}

// A key, `:` and a value.
EventChecker::Walk EventChecker::take_field() {
    Level& level = levels_[depth_ - 1];
    const std::uint32_t begin = cursor_.place();
    if (cursor_.text[begin] != '"') {
        return Walk::Broken;
    }
    const std::uint32_t colon = cursor_.places[cursor_.at + 1];
    std::uint32_t end = colon;
    auto node = static_cast<std::uint32_t>(*level.guess - slots_.data());
    if (node == 0 || !slots_[node].key.matches(cursor_.text + begin, colon - begin)) {
        end = cursor_.end();
        if (!find_key(level.node, cursor_.slice(begin, end), node)) {
            return Walk::Broken;
        }
        *level.guess = node == 0 ? *level.guess : &slots_[node];
    }
    if (cursor_.text[colon] != ':') {
        return Walk::Broken;
    }
    cursor_.at += 2;
    const auto depth = static_cast<int>(depth_);
    const bool again = node != 0 && slots_[node].met == row_number_;
    if (node == 0 || again) {
        if (again) {
            verdict_.warnings.push_back({&codes::E042, kNoColumn, begin - row_begin_, end - row_begin_});
            level.guess = &slots_[node].next;
        } else if (!level.kept) {
            drop(level.node, begin, end);
        }
        return cursor_.skip(depth) ? leave_value() : Walk::Broken;
    }
    Slot& slot = slots_[node];
    level.guess = &slot.next;
    slot.met = row_number_;
    slot.value = static_cast<std::uint32_t>(cursor_.at);
    required_left_ -= slot.required;
    if (slot.only_column == kNoColumn) {
        return take_shared_value(node, begin, end);
    }
    return take_column(slot.only_column, depth) ? leave_value() : Walk::Broken;
}

// A value that feeds several columns, or has columns below it.
EventChecker::Walk EventChecker::take_shared_value(std::uint32_t node, std::uint32_t key_begin,
                                                   std::uint32_t key_end) {
    const PathNode& here = schema_.nodes()[node];
    const auto depth = static_cast<int>(depth_);
    const std::size_t start = cursor_.at;
    const char first = cursor_.here();
    for (const std::uint32_t column : here.columns) {
        cursor_.at = start;
        if (!take_column(column, depth)) {
            return Walk::Broken;
        }
    }
    if (here.children.empty()) {
        return leave_value();
    }
    const bool kept = levels_[depth_ - 1].kept || !here.columns.empty();
    cursor_.at = start;
    if (first == '{') {
        return enter(node, kept);
    }
    if (first != 'n' && !kept) {
        drop(here.parent, key_begin, key_end);
    }
    return cursor_.skip(depth) ? leave_value() : Walk::Broken;
}

bool EventChecker::take_column(std::uint32_t column, int depth) {
    const std::size_t start = cursor_.at;
    const Outcome outcome = values_.check_column(column, depth);
    if (outcome == Outcome::Taken) {
        return true;
    }
    cursor_.at = start;
    return outcome == Outcome::Refused && cursor_.skip(depth);
}

// The node of a key that is not the expected one, 0 when it has none. False: it is not JSON.
bool EventChecker::find_key(std::uint32_t parent, std::string_view quoted, std::uint32_t& node) {
    if (!JsonCursor::is_closed(quoted)) {
        return false;
    }
    std::string_view key = quoted.substr(1, quoted.size() - 2);
    if (key.find('\\') != std::string_view::npos) {
        unescaped_key_.clear();
        if (append_unescaped(unescaped_key_, key)) {
            return false;
        }
        key = unescaped_key_;
    }
    node = schema_.find_child(parent, key);
    return true;
}

void EventChecker::drop(std::uint32_t parent, std::uint32_t key_begin, std::uint32_t key_end) {
    if (!schema_.rules().unknown_keys) {
        verdict_.reasons.push_back({&codes::E017, kNoColumn, key_begin - row_begin_, key_end - row_begin_});
        return;
    }
    verdict_.dropped.push_back({parent, key_begin - row_begin_, key_end - row_begin_});
}

void EventChecker::apply_row_rules() {
    const auto value_of = [&](std::uint32_t column) -> std::optional<JsonCursor> {
        const Slot& slot = slots_[node_of_column_[column]];
        const bool plain = slot.met == row_number_ && node_of_column_[column] != 0;
        return plain ? std::optional(JsonCursor{cursor_.text, cursor_.places, slot.value}) : std::nullopt;
    };
    for (const RowRule& rule : schema_.row_rules()) {
        const std::optional<JsonCursor> left = value_of(rule.left);
        const std::optional<JsonCursor> right = rule.right == kNoColumn ? std::nullopt : value_of(rule.right);
        if (!left || (rule.right != kNoColumn && !right)) {
            continue;
        }
        if (!holds(rule, left->scalar(), right ? right->scalar() : std::string_view(rule.number))) {
            verdict_.broken_rules.push_back(
                {&codes::E034, rule.left, left->place() - row_begin_, left->end() - row_begin_, rule.text});
        }
    }
}

void EventChecker::require_columns() {
    for (const std::uint32_t column : schema_.required()) {
        if (slots_[node_of_column_[column]].met != row_number_) {
            verdict_.reasons.push_back({&codes::E010, column, 0, 0});
        }
    }
}

} // namespace birdhouse::events
