"""Fuzzers: one entry point, built as a libFuzzer binary and as a test of its corpus."""

load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_library", "cc_test")

def stemma_fuzzer(name, corpus, deps = []):
    """LLVMFuzzerTestOneInput in <name>.cc.

    <name> is the fuzzer: `bazel build --config=fuzz`, which needs clang; ./tools/fuzz runs them all.
    <name>_test gives it each file of its corpus, in any configuration.

    Args:
      name: of the fuzzer.
      corpus: a filegroup of inputs.
      deps: of <name>.cc.
    """
    cc_library(
        name = name + "_entry",
        testonly = True,
        srcs = [name + ".cc"],
        deps = deps,
        alwayslink = True,
    )
    cc_binary(
        name = name,
        testonly = True,
        linkopts = ["-fsanitize=fuzzer"],
        tags = ["manual"],
        deps = [":" + name + "_entry"],
    )
    cc_test(
        name = name + "_test",
        size = "small",
        args = ["$(rootpaths %s)" % corpus],
        data = [corpus],
        deps = [
            ":" + name + "_entry",
            "//testing/fuzz:corpus_main",
        ],
    )
