#include "ops/line_diff.hpp"

#include <catch2/catch.hpp>

using birdhouse::ops::unified_diff;

TEST_CASE("equal texts have no difference") {
    CHECK(unified_diff("", "", "a", "b").empty());
    CHECK(unified_diff("x\ny\n", "x\ny\n", "a", "b").empty());
}

TEST_CASE("a changed line is shown with three lines around it") {
    CHECK(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "old", "new") ==
          "--- old\n+++ new\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST_CASE("changes that lie apart are hunks of their own") {
    CHECK(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", "one\n2\n3\n4\n5\n6\n7\n8\n9\n10\nend\n", "old",
                       "new") == "--- old\n+++ new\n"
                                 "@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n 4\n"
                                 "@@ -8,3 +8,4 @@\n 8\n 9\n 10\n+end\n");
}

TEST_CASE("changes that are near share a hunk") {
    CHECK(unified_diff("1\n2\n3\n4\n5\n6\n", "1\n3\n4\n5\n5b\n6\n", "old", "new") ==
          "--- old\n+++ new\n@@ -1,6 +1,6 @@\n 1\n-2\n 3\n 4\n 5\n+5b\n 6\n");
}

TEST_CASE("a whole file comes or goes") {
    CHECK(unified_diff("", "1\n2\n", "/dev/null", "new") ==
          "--- /dev/null\n+++ new\n@@ -0,0 +1,2 @@\n+1\n+2\n");
    CHECK(unified_diff("1\n", "", "old", "/dev/null") == "--- old\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-1\n");
}

TEST_CASE("texts with nothing in common come back at once") {
    std::string before;
    std::string after;
    for (int i = 0; i < 20'000; ++i) {
        before += "a" + std::to_string(i) + "\n";
        after += "b" + std::to_string(i) + "\n";
    }
    CHECK(unified_diff(before, after, "old", "new")
              .starts_with("--- old\n+++ new\n@@ -1,20000 +1,20000 @@\n-a0\n"));
}
