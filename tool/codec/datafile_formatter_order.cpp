#include "codec/datafile_formatter_order.hpp"

#include "codec/engine_directives.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace birdhouse::codec {

using syntax::Datafile;
using syntax::DatafileKind;
using syntax::Directive;

namespace {

struct Place {
    std::string_view name;
    FormatGroup group;
    std::size_t rank;
};

// Ranks of one group are the order of its lines; lines of equal rank keep the order in which they stand.
constexpr std::size_t kType = 0;
constexpr std::size_t kTarget = 1;
constexpr std::size_t kCopyMode = 2;
constexpr std::size_t kOtherSetting = 5;
constexpr std::size_t kEngineOfNode = 6;
constexpr std::size_t kEngineWithoutPrefix = 90;

constexpr auto kPlaces = std::to_array<Place>({
    {"NODE", FormatGroup::Node, 0},
    {"INCLUDE", FormatGroup::Include, 0},
    {"FROM", FormatGroup::Head, 0},
    {"SOURCE", FormatGroup::Head, 1},
    {"MAINTAINER", FormatGroup::Head, 2},
    {"VERSION", FormatGroup::Head, 3},
    {"DESCRIPTION", FormatGroup::Description, 0},
    {"TOKEN", FormatGroup::Tokens, 0},
    {"TAGS", FormatGroup::Tags, 0},
    {"SQL", FormatGroup::Sql, 0},
    {"SCHEMA", FormatGroup::Schema, 0},
    {"INDEXES", FormatGroup::Indexes, 0},
    {"TYPE", FormatGroup::Settings, kType},
    {"DATASOURCE", FormatGroup::Settings, kTarget},
    {"TARGET_DATASOURCE", FormatGroup::Settings, kTarget},
    {"COPY_MODE", FormatGroup::Settings, kCopyMode},
    {"COPY_SCHEDULE", FormatGroup::Settings, kCopyMode + 1},
    {"DEPLOYMENT_METHOD", FormatGroup::Settings, kCopyMode + 2},
    {"SHARED_WITH", FormatGroup::SharedWith, 0},
    {"FORWARD_QUERY", FormatGroup::ForwardQuery, 0},
    {"BACKFILL", FormatGroup::Backfill, 0},
});

// What is not in the table: settings whose order is part of the model, and what is read by nobody.
constexpr Place kSetting = {"", FormatGroup::Settings, kOtherSetting};

constexpr std::array<std::string_view, 6> kWithoutPrefix = {"PARTITION_KEY", "SORTING_KEY", "PRIMARY_KEY",
                                                            "SAMPLING_KEY",  "TTL",         "SETTINGS"};

std::size_t engine_rank(std::string_view name, FormatStyle style) {
    if (std::ranges::find(kWithoutPrefix, name) != kWithoutPrefix.end()) {
        return kEngineWithoutPrefix;
    }
    const std::string_view wanted = name == "ENGINE_SUMMING_COLUMNS" ? "ENGINE_COLUMNS" : name;
    std::vector<std::string_view> names;
    for (const EngineDirective& directive : engine_directives()) {
        names.push_back(directive.name);
    }
    if (style == FormatStyle::Tb) {
        std::ranges::sort(names);
    }
    return static_cast<std::size_t>(std::ranges::find(names, wanted) - names.begin());
}

bool is_about_engine(std::string_view name) {
    return name == "ENGINE" || name.starts_with("ENGINE_") ||
           std::ranges::find(kWithoutPrefix, name) != kWithoutPrefix.end();
}

// `in_node`: its engine, as Classic has it, stands among its settings.
Place place_of(std::string_view name, bool in_node, FormatStyle style) {
    if (is_about_engine(name)) {
        const std::size_t rank = engine_rank(name, style);
        return in_node ? Place{name, FormatGroup::Settings, kEngineOfNode + rank}
                       : Place{name, FormatGroup::Engine, rank};
    }
    const auto found = std::ranges::find(kPlaces, name, &Place::name);
    return found == kPlaces.end() ? kSetting : *found;
}

bool is_operational_tag(const Datafile& file, const Directive& directive, const SourceMap& sources) {
    return directive.name == "TAGS" && value_of(file, directive, sources).find('=') != std::string::npos;
}

class UnitOrder {
public:
    UnitOrder(const Datafile& file, const SourceMap& sources, FormatStyle style)
        : file_(file), sources_(sources), style_(style) {}

    std::vector<OrderedUnit> order(std::vector<FormatUnit> units) {
        for (FormatUnit& unit : units) {
            place(std::move(unit));
        }
        const bool closed = !fixed_ && !includes_;
        for (OrderedUnit& each : out_) {
            each.fixed = fixed_;
            if (closed && each.unit.directive != nullptr && may_leave_node(*each.unit.directive)) {
                each.section = 0;
            }
        }
        std::ranges::stable_sort(out_, {}, key_of);
        return std::move(out_);
    }

private:
    using Key = std::array<std::size_t, 3>;
    static Key key_of(const OrderedUnit& each) {
        return each.fixed ? Key{each.section, 0, 0}
                          : Key{each.section, static_cast<std::size_t>(each.group), each.rank};
    }

    // Tags that stay with a node keep the others beside them: their order is part of the model.
    bool may_leave_node(const Directive& directive) const {
        const bool tags_stay =
            directive.name == "TAGS" && std::ranges::any_of(file_.directives, [&](const Directive& each) {
                return is_operational_tag(file_, each, sources_);
            });
        return !tags_stay && belongs_to_file(file_, directive, sources_);
    }

    void place(FormatUnit unit) {
        OrderedUnit ordered;
        const Directive* directive = unit.directive;
        const bool known = directive != nullptr && is_understood(file_, *directive);
        const std::string_view name = known ? canonical_name(*directive) : std::string_view();
        begin_section(name);
        if (known) {
            const Place place = place_of(name, is_node_like(), style_);
            ordered.group = place.group;
            ordered.rank = place.rank;
        }
        // In Classic a FROM behind a block would be read as its text.
        fixed_ = fixed_ || !known || name == "FROM";
        ordered.section = section_;
        ordered.unit = std::move(unit);
        out_.push_back(std::move(ordered));
    }

    // Nothing moves over an INCLUDE: what it brings in may end a node or begin one.
    void begin_section(std::string_view name) {
        const bool include = name == "INCLUDE";
        if (include || name == "NODE" || after_include_) {
            ++section_;
        }
        after_include_ = include;
        includes_ = includes_ || include;
        in_node_ = in_node_ || name == "NODE";
    }

    bool is_node_like() const {
        return file_.kind == DatafileKind::Pipe || file_.kind == DatafileKind::Connection ||
               (file_.kind == DatafileKind::Include && in_node_);
    }

    const Datafile& file_;
    const SourceMap& sources_;
    FormatStyle style_;
    std::vector<OrderedUnit> out_;
    // With a line that the dialect does not know, nothing moves: the other dialect may end a block there.
    bool fixed_ = false;
    std::size_t section_ = 0;
    bool after_include_ = false;
    bool includes_ = false;
    bool in_node_ = false;
};

} // namespace

std::vector<OrderedUnit> order_units(const Datafile& file, const SourceMap& sources,
                                     std::vector<FormatUnit> units, FormatStyle style) {
    return UnitOrder(file, sources, style).order(std::move(units));
}

bool is_understood(const Datafile& file, const Directive& directive) {
    return directive.rule != nullptr &&
           standing(*directive.rule, file.kind, file.dialect) != syntax::Standing::Unknown;
}

bool belongs_to_file(const Datafile& file, const Directive& directive, const SourceMap& sources) {
    return directive.name == "TOKEN" || directive.name == "VERSION" ||
           (directive.name == "TAGS" && !is_operational_tag(file, directive, sources));
}

std::string_view canonical_name(const Directive& directive) {
    struct Alias {
        std::string_view written;
        std::string_view canonical;
    };
    // ENGINE_SUMMING_COLUMNS stays: the SDKs, who write it, know no other word.
    constexpr auto kAliases = std::to_array<Alias>({{"GCS_ACCESS_ID", "GCS_HMAC_ACCESS_ID"},
                                                    {"GCS_SECRET", "GCS_HMAC_SECRET"},
                                                    {"INDICES", "INDEXES"},
                                                    {"MODE", "COPY_MODE"},
                                                    {"SCOPE", "NODE"}});
    const auto found = std::ranges::find(kAliases, directive.name, &Alias::written);
    return found == kAliases.end() ? std::string_view(directive.name) : found->canonical;
}

} // namespace birdhouse::codec
