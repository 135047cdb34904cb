// The tree is built from yaml-cpp's events: they carry places, which its own tree loses for keys and aliases.
// Nothing else includes yaml-cpp, and its exceptions stop here.
#include "syntax/yaml.hpp"

#include "base/codes.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "syntax/yaml_extent.hpp"
#include "syntax/yaml_fault.hpp"

#include <algorithm>
#include <sstream>
#include <unordered_map>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace birdhouse::syntax {

namespace {

// What copying a node costs.
struct Weight {
    std::size_t nodes = 0;
    std::size_t bytes = 0;
    std::size_t depth = 0;
};

Weight weigh(const YamlNode& node) {
    Weight sum{1, node.text.size(), 0};
    const auto add = [&](const YamlNode& child) {
        const Weight weight = weigh(child);
        sum = {sum.nodes + weight.nodes, sum.bytes + weight.bytes, std::max(sum.depth, weight.depth)};
    };
    for (const YamlNode& item : node.items) {
        add(item);
    }
    for (const YamlEntry& entry : node.entries) {
        add(entry.key);
        add(entry.value);
    }
    sum.depth += node.is_sequence() || node.is_map() ? 1U : 0U;
    return sum;
}

class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(SourceId source, const SourceMap& sources, std::istringstream& stream, Diagnostics& problems)
        : source_(source), text_(sources.text(source)), stream_(stream), problems_(problems),
          mark_offset_(text_.starts_with("\xEF\xBB\xBF") ? 3 : 0) {}

    bool stopped() const { return stopped_; }
    std::optional<YamlNode>& root() { return root_; }
    const std::vector<Span>& long_scalars() const { return long_scalars_; }
    std::size_t offset_of(const YAML::Mark& mark) const {
        return std::min(mark_offset_ + static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
    }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (root_ && !stopped_) {
            refuse_second_document(offset_of(mark));
        }
    }
    void OnDocumentEnd() override {}
    void OnAnchor(const YAML::Mark&, const std::string&) override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const std::size_t begin = skip_properties(text_, offset_of(mark));
        const bool is_key = !open_.empty() && open_.back().node.is_map() && !open_.back().key;
        YamlNode node;
        node.text = find_null_word(text_, begin, is_key);
        node.span = span(begin, begin + node.text.size());
        finish(std::move(node), anchor);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        if (stopped_) {
            return;
        }
        refuse_tag(mark, tag);
        const ScalarExtent extent = measure_scalar(text_, offset_of(mark), value);
        YamlNode node;
        node.kind = YamlNode::Kind::Scalar;
        node.style = extent.style;
        node.text = value;
        node.span = span(extent.begin, extent.end);
        if (!extent.closed) {
            stop(codes::F004, span(extent.begin, extent.begin + 1), "a quote is opened here and never closed",
                 "close it, or remove it");
            return;
        }
        if (extent.style == ScalarStyle::Literal) {
            node.line_begins = find_literal_lines(text_, extent, value);
        }
        if (text_.substr(extent.begin, extent.end - extent.begin).find('\n') != std::string_view::npos) {
            long_scalars_.push_back(node.span);
        }
        finish(std::move(node), anchor);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override {
        open(YamlNode::Kind::Sequence, mark, tag, anchor, style);
    }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override {
        open(YamlNode::Kind::Map, mark, tag, anchor, style);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapEnd() override { close(); }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        if (stopped_) {
            return;
        }
        const std::size_t at = offset_of(mark);
        const auto anchored = anchored_.find(anchor);
        if (anchored == anchored_.end()) {
            stop(codes::F004, span(at, at + 1), "an alias stands inside of what it names",
                 "write the value out");
            return;
        }
        const Weight weight = weigh(anchored->second);
        if (open_.size() + weight.depth > kDeepestYaml) {
            refuse_depth(at);
        } else if (charge(weight, at)) {
            attach(anchored->second);
        }
    }

private:
    struct Open {
        YamlNode node;
        YAML::anchor_t anchor = YAML::NullAnchor;
        std::optional<YamlNode> key; // of a map, read and waiting for its value
    };

    Span span(std::size_t begin, std::size_t end) const {
        return {source_, static_cast<std::uint32_t>(begin),
                static_cast<std::uint32_t>(std::min(end, text_.size()))};
    }

    // The library goes on until its input ends, so its input is taken away: no exception of ours crosses it.
    void stop(const Code& code, Span where, std::string message, std::string help) {
        if (!std::exchange(stopped_, true)) {
            problems_.add(code, where, std::move(message), std::move(help));
            stream_.str({});
        }
    }

    void refuse_depth(std::size_t at) {
        stop(codes::F007, span(at, at + 1),
             "values are nested more than " + std::to_string(kDeepestYaml) + " deep here",
             "no definition needs this depth: check for brackets that are not closed");
    }

    void refuse_second_document(std::size_t at) {
        if (text_.substr(at).starts_with("---")) {
            stop(codes::F009, span(at, at + 3), "a second document begins here",
                 "keep one definition in a file");
        } else {
            stop(codes::F004, span(at, at + 1), "this belongs to nothing above it",
                 "check the indentation: a list and keys cannot stand side by side");
        }
    }

    void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        const std::size_t at = skip_anchor(text_, offset_of(mark));
        if (!tag.empty() && tag != "?" && at < text_.size() && text_[at] == '!' && last_tag_ != at) {
            last_tag_ = at; // the tag of a map's first key stands where the map begins: one report is enough
            const std::size_t end = std::min(text_.find_first_of(" \t\r\n,]}", at), text_.size());
            problems_.add(codes::F011, span(at, end),
                          "the tag " + backquoted(text_.substr(at, end - at)) + " has no meaning here",
                          "remove it; quote a text that begins with `!`");
        }
    }

    bool charge(const Weight& weight, std::size_t at) {
        nodes_ += weight.nodes;
        bytes_ += weight.bytes;
        if (nodes_ > kMostYamlNodes || bytes_ > 2 * kLargestTextFile) {
            stop(codes::F008, span(at, at + 1),
                 "the file holds more than " + with_thousands(kMostYamlNodes) +
                     " values once its aliases are written out",
                 "split the file, or use fewer aliases");
        }
        return !stopped_;
    }

    void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
              YAML::EmitterStyle::value style) {
        const std::size_t begin = skip_properties(text_, offset_of(mark));
        refuse_tag(mark, tag);
        if (open_.size() == kDeepestYaml) {
            refuse_depth(begin);
        }
        if (stopped_) {
            return;
        }
        Open frame;
        frame.node.kind = kind;
        frame.node.flow = style == YAML::EmitterStyle::Flow && begin < text_.size() &&
                          (text_[begin] == '[' || text_[begin] == '{');
        frame.node.span = span(begin, begin + 1);
        frame.anchor = anchor;
        open_.push_back(std::move(frame));
    }

    void close() {
        if (stopped_) {
            return;
        }
        Open frame = std::move(open_.back());
        open_.pop_back();
        std::uint32_t& end = frame.node.span.end;
        if (!frame.node.items.empty()) {
            end = std::max(end, frame.node.items.back().span.end);
        } else if (!frame.node.entries.empty()) {
            end = std::max(end, frame.node.entries.back().value.span.end);
        }
        if (frame.node.flow) {
            end = static_cast<std::uint32_t>(find_flow_end(text_, end));
        }
        remove_duplicates(frame.node);
        finish(std::move(frame.node), frame.anchor);
    }

    void remove_duplicates(YamlNode& map) {
        std::unordered_map<std::string_view, Span> first;
        std::vector<YamlEntry> once;
        std::vector<bool> again(map.entries.size());
        for (std::size_t i = 0; i < map.entries.size(); ++i) {
            const YamlNode& key = map.entries[i].key;
            const auto [seen, is_new] = first.try_emplace(key.text, key.span);
            if (!is_new) {
                again[i] = true;
                report_duplicate(key, seen->second);
            }
        }
        if (first.size() == map.entries.size()) {
            return;
        }
        for (std::size_t i = 0; i < map.entries.size(); ++i) {
            if (!again[i]) {
                once.push_back(std::move(map.entries[i]));
            }
        }
        map.entries = std::move(once);
    }

    void report_duplicate(const YamlNode& key, Span first) {
        Diagnostic twice{&codes::F006,
                         "the key " + backquoted(key.text) + " stands twice in one map",
                         {},
                         "keep one of the two"};
        twice.labels = {{key.span, "again here"}, {first, "first here"}};
        problems_.add(std::move(twice));
    }

    void finish(YamlNode node, YAML::anchor_t anchor) {
        if (stopped_ || !charge({1, node.text.size(), 0}, node.span.begin)) {
            return;
        }
        if (anchor != YAML::NullAnchor) {
            // The copy an alias takes is paid for here: a chain of anchors would else copy without limit.
            if (!charge(weigh(node), node.span.begin)) {
                return;
            }
            anchored_.insert_or_assign(anchor, node);
        }
        attach(std::move(node));
    }

    void attach(YamlNode node) {
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        Open& parent = open_.back();
        if (parent.node.is_sequence()) {
            if (is_absent(node) && !parent.node.flow && node.span.begin > 0) {
                const std::size_t dash = text_.rfind('-', node.span.begin - 1);
                node.span = dash == std::string_view::npos ? node.span : span(dash, dash + 1);
            }
            parent.node.items.push_back(std::move(node));
        } else if (!parent.key) {
            parent.key = std::move(node);
        } else {
            add_entry(parent, std::move(node));
        }
    }

    // The library puts an absent value where the next thing begins.
    static bool is_absent(const YamlNode& node) { return node.is_null() && node.text.empty(); }

    void add_entry(Open& parent, YamlNode value) {
        YamlNode key = std::move(*parent.key);
        parent.key.reset();
        if (key.is_map() || key.is_sequence()) {
            problems_.add(codes::F012, key.span, "a key is a list or a map", "use a text as the key");
            return;
        }
        if (key.text == "<<" && key.style == ScalarStyle::Plain) {
            problems_.add(codes::F010, key.span, "a merge key `<<` hides where a value comes from",
                          "share columns with a column group: `- use: NAME`");
            return;
        }
        if (is_absent(value)) {
            value.span = key.span;
        }
        parent.node.entries.push_back({std::move(key), std::move(value)});
    }

    SourceId source_;
    std::string_view text_;
    std::istringstream& stream_;
    Diagnostics& problems_;
    std::size_t mark_offset_; // the library does not count the byte order mark

    std::optional<YamlNode> root_;
    std::vector<Open> open_;
    std::unordered_map<YAML::anchor_t, YamlNode> anchored_;
    std::vector<Span> long_scalars_;
    std::size_t nodes_ = 0;
    std::size_t bytes_ = 0;
    std::optional<std::size_t> last_tag_;
    bool stopped_ = false;
};

// False when what was read so far is no tree.
bool run_parser(std::istringstream& stream, TreeBuilder& builder, SourceId source, const SourceMap& sources,
                Diagnostics& problems) {
    try {
        YAML::Parser parser(stream);
        while (!builder.stopped() && parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& failure) {
        if (!builder.stopped()) {
            problems.add(explain_yaml_fault(failure.msg, builder.offset_of(failure.mark), source, sources));
        }
        return false;
    }
    return !builder.stopped();
}

} // namespace

std::optional<YamlNode> parse_yaml(SourceId source, const SourceMap& sources, Diagnostics& problems) {
    if (!check_yaml_bytes(source, sources, problems)) {
        return std::nullopt;
    }
    const std::string_view text = sources.text(source);
    std::istringstream stream{std::string(text)};
    TreeBuilder builder(source, sources, stream, problems);
    if (!run_parser(stream, builder, source, sources, problems)) {
        return std::nullopt;
    }
    std::optional<YamlNode>& root = builder.root();
    if (!root || (root->is_null() && root->text.empty())) {
        problems.add(codes::F003, {source, 0, 0}, "the file is empty",
                     "write a definition, or delete the file");
        return std::nullopt;
    }
    if (const std::optional<std::size_t> tab = find_tab_indentation(text, builder.long_scalars())) {
        problems.add(tab_in_indentation(source, *tab));
    }
    return std::move(root);
}

const YamlNode* find_value(const YamlNode& map, std::string_view key) {
    const auto found = std::find_if(map.entries.begin(), map.entries.end(),
                                    [&](const YamlEntry& entry) { return entry.key.text == key; });
    return found == map.entries.end() ? nullptr : &found->value;
}

} // namespace birdhouse::syntax
