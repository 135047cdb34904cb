// Changes that any resource can have, and those of connections and of the project itself.
#include "base/codes.hpp"
#include "model/change_table.hpp"

namespace birdhouse::model {

namespace {

using enum ChangeKind;

constexpr TargetEffects kTinybirdOnly = {
    {TargetAction::NotThere}, {TargetAction::Update}, {TargetAction::Update}};

constexpr auto kRows = std::to_array<ChangeRow>({
    {.kind = TokenAdded,
     .says = "token {part} may {after} {resource}",
     .reach = Reach::Wire,
     .targets = kTinybirdOnly,
     .reversible = Reversible::Yes,
     .why = "who holds the token gains this access",
     .recipe = ""},
    {.kind = TokenRemoved,
     .says = "token {part} may {before} {resource} no more",
     .reach = Reach::Wire,
     .breaks = Breaks::Consumers,
     .codes = {&codes::B215},
     .targets = kTinybirdOnly,
     .reversible = Reversible::Yes,
     .why = "requests with this token are refused from now on",
     .recipe = "give its holders another token, and remove this one when it is used no more"},
    {.kind = DescriptionChanged,
     .says = "the description of {name} changes",
     .targets = {{TargetAction::Nothing}, {TargetAction::Update}, {TargetAction::Update}},
     .reversible = Reversible::Yes,
     .why = "nothing but its words",
     .recipe = ""},
    {.kind = TagsChanged,
     .says = "the tags of {name} change from {before} to {after}",
     .targets = kTinybirdOnly,
     .reversible = Reversible::Yes,
     .why = "nothing but how it is found",
     .recipe = ""},
    {.kind = TemplateChanged,
     .says = "the datafile of {name} is made by template {after}, and was by {before}",
     .targets = nowhere(),
     .reversible = Reversible::Yes,
     .why = "the generated datafile may differ in what a template adds",
     .recipe = "look at `birdhouse generate --check`"},
    {.kind = ClassicVersionChanged,
     .says = "VERSION of {name} changes from {before} to {after}",
     .change_class = ChangeClass::Rebuild,
     .codes = {&codes::R306},
     .targets = {{TargetAction::Nothing}, {TargetAction::NotThere}, {TargetAction::Recreate}},
     .cost = Cost::Rewrite,
     .reversible = Reversible::Yes,
     .why = "Classic makes a second resource beside the first; a datasource begins empty",
     .recipe = "fill the new version before its readers move to it"},
    {.kind = ConnectionAdded,
     .says = "connection {name} is added",
     .targets = kTinybirdOnly,
     .reversible = Reversible::Yes,
     .why = "nothing uses it yet",
     .recipe = ""},
    {.kind = ConnectionDropped,
     .says = "connection {name} is dropped",
     .reach = Reach::Wire,
     .codes = {&codes::X602},
     .targets = kTinybirdOnly,
     .reversible = Reversible::Yes,
     .why = "datasources and sinks that go through it stop",
     .recipe = "take it out of every datasource and sink first"},
    {.kind = ConnectionChanged,
     .says = "{part} of {resource} changes from {before} to {after}",
     .reach = Reach::Wire,
     .codes = {&codes::X602},
     .targets = kTinybirdOnly,
     .reversible = Reversible::Yes,
     .why = "every datasource and sink that goes through it meets another system",
     .recipe = ""},
    {.kind = ProjectSettingChanged,
     .says = "{part} of the project changes from {before} to {after}",
     .targets = nowhere(),
     .reversible = Reversible::Yes,
     .why = "birdhouse itself works another way",
     .recipe = ""},
});

} // namespace

std::span<const ChangeRow> resource_rows() { return kRows; }

} // namespace birdhouse::model
