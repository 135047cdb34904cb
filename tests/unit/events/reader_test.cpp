#include "events/reader.hpp"

#include <sstream>

#include <catch2/catch.hpp>

using namespace birdhouse::events;

namespace {

struct Seen {
    std::string text;
    std::uint64_t number = 0;
    std::uint64_t offset = 0;
    bool too_long = false;
    friend bool operator==(const Seen&, const Seen&) = default;
};

std::vector<Seen> read_all(EventReader reader) {
    std::vector<Seen> seen;
    while (const std::optional<EventLine> line = reader.next()) {
        seen.push_back({std::string(line->text), line->number, line->offset, line->too_long});
    }
    CHECK_FALSE(reader.failed());
    return seen;
}

// From memory and from a stream: both must see the same.
std::vector<Seen> lines(const std::string& input, std::size_t longest = kLongestLine) {
    std::istringstream stream(input);
    std::vector<Seen> from_stream = read_all(EventReader(stream, longest));
    CHECK(from_stream == read_all(EventReader(std::string_view(input), longest)));
    return from_stream;
}

std::string fault_message(const std::string& input) {
    std::istringstream stream(input);
    const std::optional<InputFault> fault = EventReader(stream).fault();
    return fault ? fault->message : "";
}

} // namespace

TEST_CASE("lines come with their number and offset, blank ones are passed over") {
    CHECK(lines("{}\n\n  \n{\"a\":1}\r\n{\"b\":2}") ==
          std::vector<Seen>{{"{}", 1, 0}, {"{\"a\":1}", 4, 7}, {"{\"b\":2}", 5, 16}});
    CHECK(lines("").empty());
    CHECK(lines("\n\n").empty());
    CHECK(lines("\xEF\xBB\xBF{}\n{}") == std::vector<Seen>{{"{}", 1, 3}, {"{}", 2, 6}});
}

TEST_CASE("a line over the limit is reported and the rest is still read") {
    const std::string long_line(50, 'x');
    const std::vector<Seen> seen = lines("{}\n" + long_line + "\n{}\n" + long_line, 20);
    CHECK(seen ==
          std::vector<Seen>{{"{}", 1, 0}, {long_line, 2, 3, true}, {"{}", 3, 54}, {long_line, 4, 57, true}});
    CHECK(lines(std::string(20, 'x') + "\n", 20).front().too_long == false);
    CHECK(lines(std::string(21, 'x') + "\n", 20).front().too_long);
}

TEST_CASE("lines longer than a block, and blocks that end inside a line, are whole") {
    const std::string big(3'000'000, 'x');
    const std::vector<Seen> seen = lines("a\n" + big + "\n" + big + "\nb");
    REQUIRE(seen.size() == 4);
    CHECK(seen[1].text == big);
    CHECK(seen[2].text == big);
    CHECK(seen[3] == Seen{"b", 4, 6'000'004});
}

TEST_CASE("a line of fifty megabytes costs no memory and no wait") {
    const std::vector<Seen> seen = lines(std::string(50'000'000, 'x') + "\n{}\n");
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].too_long);
    CHECK(seen[0].text.size() == 200);
    CHECK(seen[1] == Seen{"{}", 2, 50'000'001});
}

TEST_CASE("input that is no NDJSON at all is named for what it is") {
    CHECK(fault_message(std::string("{\0}", 3)) == "the input is binary: it holds zero bytes");
    CHECK(fault_message("\n [{\"a\":1}]") == "the input is a JSON array, not one event a line");
    CHECK(fault_message("{\n  \"a\": 1\n}\n") == "an event is spread over many lines");
    CHECK(fault_message("{\"a\":[1]}\n").empty());
    CHECK(fault_message("").empty());
    CHECK(fault_message("not json\n").empty());
}

TEST_CASE("asking for a fault takes nothing from the input") {
    std::istringstream stream("{}\n{}\n");
    EventReader reader(stream);
    CHECK_FALSE(reader.fault());
    CHECK(reader.next()->number == 1);
    CHECK(reader.next()->offset == 3);
    CHECK_FALSE(reader.next());
}
