"""How this repository declares its C++: one header, one library, one test."""

load("@rules_cc//cc:defs.bzl", "cc_library", "cc_test")

def stemma_library(name, **kwargs):
    """A cc_library whose headers are included as stemma/<folder>/<file>.h, by us and by users."""
    cc_library(
        name = name,
        include_prefix = "stemma",
        strip_include_prefix = "/",
        **kwargs
    )

def stemma_test(name, deps = [], size = "small", threads = True, tags = [], **kwargs):
    """A Catch2 test in <name>.cc. Without threads: ThreadSanitizer has nothing to find in it."""
    cc_test(
        name = name,
        size = size,
        srcs = [name + ".cc"],
        tags = tags + ([] if threads else ["single_threaded"]),
        deps = deps + ["@catch2//:catch2_main"],
        **kwargs
    )

def stemma_gtest(name, deps = [], size = "small", **kwargs):
    """A GoogleTest test in <name>.cc: of what is there for users of GoogleTest."""
    cc_test(
        name = name,
        size = size,
        srcs = [name + ".cc"],
        deps = deps + ["@googletest//:gtest_main"],
        **kwargs
    )
