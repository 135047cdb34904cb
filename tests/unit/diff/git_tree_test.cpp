#include "base/process.hpp"
#include "ops/git_tree.hpp"
#include "ops/temporary_folder.hpp"
#include "support/golden.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

class ThisEnvironment : public ops::Environment {
    std::optional<std::string> get(std::string_view name) const override {
        const char* value = name == "PATH" ? std::getenv("PATH") : nullptr;
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
    }
};

class Repository {
public:
    Repository() { git({"init", "-q", "-b", "main", "."}); }

    void git(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"git", "-C", folder_.path().string(), "-c", "user.name=t", "-c",
                                             "user.email=t@example.com", "-c", "commit.gpgsign=false"});
        const auto done =
            run_program({std::move(arguments), {"HOME=" + folder_.path().string()}, "", 1U << 20U});
        INFO((done ? done->err : done.error().message));
        REQUIRE(done.ok());
        REQUIRE(done->exit_code == 0);
    }

    void commit(const std::string& path, const std::string& content) const {
        folder_.write(path, content);
        git({"add", "-A"});
        git({"commit", "-qm", "a commit"});
    }

    std::filesystem::path path(const std::string& below = ".") const { return folder_.path() / below; }

private:
    TemporaryFolder folder_;
};

const ThisEnvironment kEnvironment;

std::vector<std::string> paths(const ops::GitTree& tree) {
    std::vector<std::string> all;
    for (const ops::TreeFile& file : tree.files) {
        all.push_back(file.path);
    }
    std::sort(all.begin(), all.end());
    return all;
}

} // namespace

TEST_CASE("a revision's files are those of the project's folder, as they were") {
    const Repository repository;
    repository.commit("shop/birdhouse.yaml", "name: one\n");
    repository.commit("shop/datasources/a b\n\"c.datasource", "SCHEMA >\n    id UInt8\n");
    repository.commit("shop/birdhouse.yaml", "name: two\n");
    repository.commit("elsewhere/x.pipe", "");
    repository.commit("shop/src/main.cpp", "");
    const auto before = ops::read_git_tree(repository.path("shop"), "HEAD~4", kEnvironment);
    REQUIRE(before.ok());
    CHECK(before->commit.size() == 40);
    CHECK(paths(*before) == std::vector<std::string>{"birdhouse.yaml"});
    CHECK(before->files.front().content == "name: one\n");
    const auto after = ops::read_git_tree(repository.path("shop"), "main", kEnvironment);
    REQUIRE(after.ok());
    CHECK(paths(*after) == std::vector<std::string>{"birdhouse.yaml", "datasources/a b\n\"c.datasource"});
}

TEST_CASE("links and paths that lead out of the project are passed over") {
    const Repository repository;
    repository.commit("birdhouse.yaml", "name: one\n");
    std::filesystem::create_symlink("/etc/passwd", repository.path("link.datasource"));
    repository.git({"add", "-A"});
    repository.git({"commit", "-qm", "a link"});
    const auto tree = ops::read_git_tree(repository.path(), "HEAD", kEnvironment);
    REQUIRE(tree.ok());
    CHECK(paths(*tree) == std::vector<std::string>{"birdhouse.yaml"});
}

TEST_CASE("what is no revision is said to be none") {
    const Repository repository;
    repository.commit("birdhouse.yaml", "name: one\n");
    const auto error_of = [&](const std::filesystem::path& folder, const std::string& revision) {
        const auto tree = ops::read_git_tree(folder, revision, kEnvironment);
        REQUIRE_FALSE(tree.ok());
        CHECK(tree.error().code == ExitCode::Usage);
        return tree.error().message;
    };
    CHECK(error_of(repository.path(), "nope") == "the repository has no revision `nope`");
    CHECK(error_of(repository.path(), "") == "`` is no revision");
    CHECK(error_of(repository.path(), "--output=x") == "`--output=x` is no revision");
    CHECK(error_of(repository.path(), "HEAD:birdhouse.yaml") ==
          "the repository has no revision `HEAD:birdhouse.yaml`");
    CHECK(error_of(repository.path(), "$(touch x)") == "the repository has no revision `$(touch x)`");
    const TemporaryFolder outside;
    CHECK(error_of(outside.path(), "HEAD") == "`" + outside.path().string() + "` is in no git repository");
}

TEST_CASE("git's listings are taken apart, and broken ones refused") {
    using ops::parse_object_batch;
    using ops::parse_tree_listing;
    const std::string listing("100644 blob abc\ta b.pipe\0", 25);
    const auto entries = parse_tree_listing(listing);
    REQUIRE(entries);
    REQUIRE(entries->size() == 1);
    CHECK(entries->front().path == "a b.pipe");
    CHECK(parse_tree_listing("")->empty());
    CHECK_FALSE(parse_tree_listing("100644 blob abc\ta"));
    CHECK_FALSE(parse_tree_listing(std::string("100644 blob\ta\0", 14)));
    CHECK_FALSE(parse_tree_listing(std::string("100644 blob abc\0\t", 17)));
    CHECK(*parse_object_batch("abc blob 3\na\nb\nabc blob 0\n\n", 2) == std::vector<std::string>{"a\nb", ""});
    CHECK_FALSE(parse_object_batch("abc missing\n", 1));
    CHECK_FALSE(parse_object_batch("abc blob 30\nshort\n", 1));
    CHECK_FALSE(parse_object_batch("abc blob x\nshort\n", 1));
    CHECK_FALSE(parse_object_batch("", 1));
}

TEST_CASE("a temporary folder is gone after its scope, and signals that end a process wait for that") {
    std::filesystem::path path;
    const auto is_blocked = [] {
        sigset_t blocked;
        ::sigprocmask(SIG_SETMASK, nullptr, &blocked);
        return ::sigismember(&blocked, SIGTERM) == 1;
    };
    {
        const auto folder = ops::TemporaryFolder::make();
        REQUIRE(folder.ok());
        path = folder->path();
        CHECK(std::filesystem::is_directory(path));
        CHECK(is_blocked());
    }
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK_FALSE(is_blocked());
}
