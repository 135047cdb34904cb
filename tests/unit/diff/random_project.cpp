#include "random_project.hpp"

#include <algorithm>
#include <utility>

namespace birdhouse::testing {

namespace {

using model::ChangeKind;
using model::Column;
using model::Datasource;
using model::Node;
using model::NodeType;
using model::Pipe;
using model::Project;
using model::ResourceKind;
using model::Subject;
using Applied = std::optional<Subject>;

// The first column is the key and keeps its type; the others have types that the mutations know.
Column random_column(std::size_t index, Random& random) {
    static constexpr const char* kTypes[] = {"UInt16", "Int32", "String", "DateTime",
                                             "Enum8('a' = 1, 'b' = 2)"};
    Column column;
    column.name = index == 0 ? "id" : "c" + std::to_string(index);
    column.type = index == 0 ? "UInt64" : kTypes[random.below(std::size(kTypes))];
    column.json_path = "$." + column.name;
    if (index == 0 || column.type.starts_with("Enum")) {
        return column;
    }
    if (random.coin()) {
        column.type = "Nullable(" + column.type + ")";
    } else if (column.type == "String" && random.coin()) {
        column.default_expression = "'x'";
    }
    return column;
}

Datasource random_datasource(const std::string& name, Random& random) {
    Datasource made;
    made.name = name;
    made.description = random.coin() ? "words" : "";
    const std::size_t columns = 3 + random.below(4);
    for (std::size_t i = 0; i < columns; ++i) {
        made.columns.push_back(random_column(i, random));
    }
    made.engine.sorting_key = "id";
    made.engine.ttl = random.coin() ? "toDateTime(id) + INTERVAL 30 DAY" : "";
    if (random.coin()) {
        made.indexes.push_back({"by_id", "id", "minmax", "4", {}});
    }
    if (random.coin()) {
        made.tokens.push_back({"reader", model::TokenScope::Read, {}});
    }
    return made;
}

Pipe random_pipe(const std::string& name, NodeType type, Random& random) {
    Pipe made;
    made.name = name;
    made.nodes.emplace_back();
    made.nodes.back().name = "first";
    made.nodes.back().sql = "SELECT id, c1 FROM alpha" + std::string(random.coin() ? " WHERE id > 1" : "");
    made.nodes.emplace_back();
    made.nodes.back().name = "last";
    made.nodes.back().sql =
        "%\nSELECT id, count() AS n FROM first WHERE id < {{UInt64(below, 10)}} GROUP BY id ORDER BY n";
    made.nodes.back().type = type;
    if (type == NodeType::Materialized || type == NodeType::Copy) {
        made.target_datasource = "beta";
    }
    if (type == NodeType::Materialized) {
        made.nodes.back().sql = "SELECT id, count() AS n FROM first GROUP BY id";
    }
    if (type == NodeType::Copy) {
        made.copy_schedule = "@on-demand";
    }
    return made;
}

Subject of(const Datasource& datasource, std::string part = {}) {
    return {ResourceKind::Datasource, datasource.name, std::move(part)};
}
Subject of(const Pipe& pipe, std::string part = {}) {
    return {ResourceKind::Pipe, pipe.name, std::move(part)};
}

// A column that is not the key, of a type that `wanted` takes.
Column* find_column_of(Datasource& datasource, const std::function<bool(const Column&)>& wanted) {
    const auto found = std::find_if(datasource.columns.begin() + 1, datasource.columns.end(), wanted);
    return found == datasource.columns.end() ? nullptr : &*found;
}

using ColumnTest = std::function<bool(const Column&)>;
using ColumnChange = std::function<void(Column&)>;

Mutation on_column(ChangeKind kind, const ColumnTest& wanted, const ColumnChange& change) {
    return {kind, [=](Project& project, Random& random) -> Applied {
                Datasource& datasource = random.pick(project.datasources);
                Column* column = find_column_of(datasource, wanted);
                if (column == nullptr) {
                    return std::nullopt;
                }
                change(*column);
                return of(datasource, column->name);
            }};
}

Mutation on_datasource(ChangeKind kind, const std::function<bool(Datasource&)>& change,
                       std::string part = {}) {
    return {kind, [=](Project& project, Random& random) -> Applied {
                Datasource& datasource = random.pick(project.datasources);
                return change(datasource) ? std::optional(of(datasource, part)) : std::nullopt;
            }};
}

Mutation on_pipe(ChangeKind kind, NodeType type, const std::function<bool(Pipe&)>& change,
                 std::string part = {}) {
    return {kind, [=](Project& project, Random&) -> Applied {
                for (Pipe& pipe : project.pipes) {
                    if (pipe.nodes.back().type == type && change(pipe)) {
                        return of(pipe, part);
                    }
                }
                return std::nullopt;
            }};
}

bool replace(std::string& text, std::string_view what, std::string_view with) {
    const std::size_t at = text.find(what);
    if (at == std::string::npos) {
        return false;
    }
    text.replace(at, what.size(), with);
    return true;
}

bool any(const Column&) { return true; }
ColumnTest has_type(std::string type) {
    return [type = std::move(type)](const Column& column) { return column.type == type; };
}

std::vector<Mutation> column_mutations() {
    using enum ChangeKind;
    const auto add = [](const char* type, std::optional<std::string> expression) {
        return [=](Datasource& datasource) {
            Column column;
            column.name = "added";
            column.type = type;
            column.default_expression = expression;
            datasource.columns.push_back(column);
            return true;
        };
    };
    const auto retype = [](const char* type) { return [=](Column& column) { column.type = type; }; };
    const auto is_plain_text = [](const Column& column) {
        return column.type == "String" && !column.default_expression;
    };
    return {
        on_datasource(ColumnAdded, add("UInt8", std::nullopt), "added"),
        on_datasource(ColumnAddedWithDefault, add("UInt8", "7"), "added"),
        on_datasource(ColumnAddedWithVolatileDefault, add("DateTime", "now()"), "added"),
        on_datasource(ColumnAddedNullable, add("Nullable(UInt8)", std::nullopt), "added"),
        on_column(TypeWidened, has_type("UInt16"), retype("UInt32")),
        on_column(TypeNarrowed, has_type("Int32"), retype("Int16")),
        on_column(TypeToText, has_type("DateTime"), retype("String")),
        on_column(TypeChanged, is_plain_text, retype("UUID")),
        on_column(ColumnMadeNullable, is_plain_text, retype("Nullable(String)")),
        on_column(ColumnMadeNotNullable, has_type("Nullable(Int32)"), retype("Int32")),
        on_column(LowCardinalityAdded, is_plain_text, retype("LowCardinality(String)")),
        on_column(EnumValuesAdded, has_type("Enum8('a' = 1, 'b' = 2)"),
                  retype("Enum8('a' = 1, 'b' = 2, 'c' = 3)")),
        on_column(EnumValuesRemoved, has_type("Enum8('a' = 1, 'b' = 2)"), retype("Enum8('a' = 1)")),
        on_column(DefaultAdded, is_plain_text, [](Column& column) { column.default_expression = "'y'"; }),
        on_column(
            DefaultChanged, [](const Column& column) { return column.default_expression.has_value(); },
            [](Column& column) { column.default_expression = "'z'"; }),
        on_column(CodecChanged, any, [](Column& column) { column.codec = "ZSTD(3)"; }),
        on_column(JsonPathChanged, any, [](Column& column) { column.json_path = "$.elsewhere"; }),
        on_column(JsonPathRemoved, any, [](Column& column) { column.json_path.reset(); }),
        on_column(RulesTightened, any, [](Column& column) { column.max_chars = 3; }),
        on_column(PrivacyChanged, any, [](Column& column) { column.privacy = model::Privacy::Personal; }),
        on_column(ColumnDescriptionChanged, any, [](Column& column) { column.description = "other words"; }),
        {ColumnDropped,
         [](Project& project, Random& random) -> Applied {
             Datasource& datasource = random.pick(project.datasources);
             const std::string name = datasource.columns.back().name;
             datasource.columns.pop_back();
             return of(datasource, name);
         }},
        on_datasource(ColumnsReordered,
                      [](Datasource& datasource) {
                          std::swap(datasource.columns[0], datasource.columns[1]);
                          return true;
                      }),
    };
}

std::vector<Mutation> datasource_mutations() {
    using enum ChangeKind;
    const auto ttl = [](bool has, const char* after) {
        return [=](Datasource& datasource) {
            if (datasource.engine.ttl.empty() == has) {
                return false;
            }
            datasource.engine.ttl = after;
            return true;
        };
    };
    const auto set = [](std::string model::TableEngine::*field, const char* value) {
        return [=](Datasource& datasource) {
            datasource.engine.*field = value;
            return true;
        };
    };
    return {
        on_datasource(TtlAdded, ttl(false, "toDateTime(id) + INTERVAL 1 DAY")),
        on_datasource(TtlRemoved, ttl(true, "")),
        on_datasource(TtlShortened, ttl(true, "toDateTime(id) + INTERVAL 29 DAY")),
        on_datasource(TtlWidened, ttl(true, "toDateTime(id) + INTERVAL 1 YEAR")),
        on_datasource(TtlChanged, ttl(true, "toDate(id) + INTERVAL 1 YEAR")),
        on_datasource(SortingKeyChanged, set(&model::TableEngine::sorting_key, "id, c1")),
        on_datasource(PartitionKeyChanged, set(&model::TableEngine::partition_key, "id % 10")),
        on_datasource(PrimaryKeyChanged, set(&model::TableEngine::primary_key, "intDiv(id, 2)")),
        on_datasource(SamplingKeyChanged, set(&model::TableEngine::sampling_key, "id")),
        on_datasource(EngineChanged, set(&model::TableEngine::kind, "ReplacingMergeTree")),
        on_datasource(EngineParameterChanged, set(&model::TableEngine::version_column, "id"), "ENGINE_VER"),
        on_datasource(EngineSettingsChanged, set(&model::TableEngine::settings, "index_granularity = 1")),
        on_datasource(
            IndexAdded,
            [](Datasource& datasource) {
                datasource.indexes.push_back({"added", "id", "set(10)", "1", {}});
                return true;
            },
            "added"),
        on_datasource(
            IndexDropped,
            [](Datasource& datasource) {
                const bool had = !datasource.indexes.empty();
                datasource.indexes.clear();
                return had;
            },
            "by_id"),
        on_datasource(
            SharingAdded,
            [](Datasource& datasource) {
                datasource.shared_with.push_back("away");
                return true;
            },
            "away"),
        on_datasource(
            ConnectorChanged,
            [](Datasource& datasource) {
                datasource.connector_settings.push_back({"KAFKA_TOPIC", "t", {}});
                return true;
            },
            "KAFKA_TOPIC"),
        on_datasource(ForwardQueryChanged,
                      [](Datasource& datasource) {
                          datasource.forward_query = "SELECT *";
                          return true;
                      }),
        on_datasource(BackfillChanged,
                      [](Datasource& datasource) {
                          datasource.backfill_skip = true;
                          return true;
                      }),
        on_datasource(
            TokenRemoved,
            [](Datasource& datasource) {
                const bool had = !datasource.tokens.empty();
                datasource.tokens.clear();
                return had;
            },
            "reader"),
        on_datasource(
            TokenAdded,
            [](Datasource& datasource) {
                datasource.tokens.push_back({"added", model::TokenScope::Append, {}});
                return true;
            },
            "added"),
        on_datasource(DescriptionChanged,
                      [](Datasource& datasource) {
                          datasource.description += " more";
                          return true;
                      }),
        {DatasourceAdded,
         [](Project& project, Random& random) -> Applied {
             project.datasources.push_back(random_datasource("omega", random));
             return of(project.datasources.back());
         }},
        {DatasourceDropped,
         [](Project& project, Random&) -> Applied {
             const Subject subject = of(project.datasources.back());
             project.datasources.pop_back();
             return subject;
         }},
    };
}

std::vector<Mutation> pipe_mutations() {
    using enum ChangeKind;
    const auto edit = [](std::size_t node, const char* what, const char* with) {
        return [=](Pipe& pipe) { return replace(pipe.nodes[node].sql, what, with); };
    };
    return {
        on_pipe(NodeQueryChanged, NodeType::Standard, edit(0, "c1", "c2"), "first"),
        on_pipe(EndpointQueryChanged, NodeType::Endpoint, edit(0, "c1", "c2"), "first"),
        on_pipe(MaterializationQueryChanged, NodeType::Materialized, edit(0, "c1", "c2"), "first"),
        on_pipe(CopyQueryChanged, NodeType::Copy, edit(0, "c1", "c2"), "first"),
        on_pipe(SinkQueryChanged, NodeType::Sink, edit(0, "c1", "c2"), "first"),
        on_pipe(ViewTargetChanged, NodeType::Materialized,
                [](Pipe& pipe) {
                    pipe.target_datasource = "alpha";
                    return true;
                }),
        on_pipe(CopyTargetChanged, NodeType::Copy,
                [](Pipe& pipe) {
                    pipe.target_datasource = "alpha";
                    return true;
                }),
        on_pipe(CopyScheduleChanged, NodeType::Copy,
                [](Pipe& pipe) {
                    pipe.copy_schedule = "0 * * * *";
                    return true;
                }),
        on_pipe(CopyModeChanged, NodeType::Copy,
                [](Pipe& pipe) {
                    pipe.copy_mode = "replace";
                    return true;
                }),
        on_pipe(CacheChanged, NodeType::Endpoint,
                [](Pipe& pipe) {
                    pipe.cache_seconds = "60";
                    return true;
                }),
        on_pipe(DeploymentMethodChanged, NodeType::Materialized,
                [](Pipe& pipe) {
                    pipe.deployment_method = "alter";
                    return true;
                }),
        on_pipe(
            ExportSettingChanged, NodeType::Sink,
            [](Pipe& pipe) {
                pipe.export_settings.push_back({"EXPORT_FORMAT", "csv", {}});
                return true;
            },
            "EXPORT_FORMAT"),
        on_pipe(PipeVersionChanged, NodeType::Endpoint,
                [](Pipe& pipe) {
                    ++pipe.version;
                    return true;
                }),
        on_pipe(
            NodeAdded, NodeType::Endpoint,
            [](Pipe& pipe) {
                Node node;
                node.name = "added";
                node.sql = "SELECT 1";
                pipe.nodes.insert(pipe.nodes.begin(), node);
                return true;
            },
            "added"),
        on_pipe(
            NodeDescriptionChanged, NodeType::Endpoint,
            [](Pipe& pipe) {
                pipe.nodes[0].description = "words";
                return true;
            },
            "first"),
        on_pipe(TagsChanged, NodeType::Endpoint,
                [](Pipe& pipe) {
                    pipe.tags.push_back("t");
                    return true;
                }),
        on_pipe(TemplateChanged, NodeType::Endpoint,
                [](Pipe& pipe) {
                    pipe.template_file = "mine.tmpl";
                    return true;
                }),
        {EndpointDropped,
         [](Project& project, Random&) -> Applied {
             const auto found =
                 std::find_if(project.pipes.begin(), project.pipes.end(),
                              [](const Pipe& pipe) { return pipe.nodes.back().type == NodeType::Endpoint; });
             const Subject subject = of(*found);
             project.pipes.erase(found);
             return subject;
         }},
        {ProjectSettingChanged,
         [](Project& project, Random&) -> Applied {
             project.config.ingestion.epoch_into_datetime = true;
             return Subject{ResourceKind::Project, "", "ingestion.epoch_into_datetime"};
         }},
        {ConnectionAdded,
         [](Project& project, Random&) -> Applied {
             project.connections.push_back({"broker", "", "kafka", {}, {}});
             return Subject{ResourceKind::Connection, "broker", ""};
         }},
    };
}

} // namespace

Project random_project(Random& random) {
    Project project;
    for (const char* name : {"alpha", "beta", "gamma"}) {
        project.datasources.push_back(random_datasource(name, random));
    }
    const std::vector<std::pair<const char*, NodeType>> pipes = {{"copying", NodeType::Copy},
                                                                 {"endpoint", NodeType::Endpoint},
                                                                 {"sinking", NodeType::Sink},
                                                                 {"standard", NodeType::Standard},
                                                                 {"view", NodeType::Materialized}};
    for (const auto& [name, type] : pipes) {
        project.pipes.push_back(random_pipe(name, type, random));
    }
    return project;
}

std::vector<Mutation> mutations() {
    std::vector<Mutation> all = column_mutations();
    for (std::vector<Mutation>& more :
         std::vector<std::vector<Mutation>>{datasource_mutations(), pipe_mutations()}) {
        std::move(more.begin(), more.end(), std::back_inserter(all));
    }
    return all;
}

} // namespace birdhouse::testing
