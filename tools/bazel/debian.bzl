"""The dependencies as Debian packages: linker flags from pkg-config, headers from /usr/include."""

load("@bazel_tools//tools/build_defs/repo:utils.bzl", "maybe")

_LOAD = 'load("@rules_cc//cc:defs.bzl", "cc_library")\n\n'

def _pkg_config_repository(ctx):
    ctx.file("WORKSPACE", "")
    packages = {}
    for label, module in ctx.attr.targets.items():
        result = ctx.execute(["pkg-config", "--cflags", "--libs", module])
        if result.return_code != 0:
            fail("{}: pkg-config knows no '{}': apt-get install {}".format(ctx.name, module, ctx.attr.debian_package))
        flags = [f for f in result.stdout.strip().split(" ") if f]
        package, name = label.split(":")
        packages.setdefault(package, []).append(
            """cc_library(
    name = {name},
    defines = {defines},
    linkopts = {linkopts},
    visibility = ["//visibility:public"],
)
""".format(
                name = repr(name),
                defines = repr([f[2:] for f in flags if f.startswith("-D")]),
                linkopts = repr([f for f in flags if f.startswith("-l") or f.startswith("-L") or f == "-pthread"]),
            ),
        )
    for package, rules in packages.items():
        ctx.file((package + "/" if package else "") + "BUILD.bazel", _LOAD + "\n".join(rules))

pkg_config_repository = repository_rule(
    implementation = _pkg_config_repository,
    attrs = {
        "debian_package": attr.string(mandatory = True),
        "targets": attr.string_dict(mandatory = True),  # "absl/status:status" -> pkg-config module
    },
    local = True,
    configure = True,
)

def _files_repository(ctx):
    for path, content in ctx.attr.files.items():
        ctx.file(path, content)

files_repository = repository_rule(implementation = _files_repository, attrs = {"files": attr.string_dict()})

_CC_RULES = ["cc_binary", "cc_import", "cc_library", "cc_proto_library", "cc_test", "cc_toolchain", "cc_toolchain_suite"]

def debian_bazel():
    """What Bazel 4.2.3 would download for itself. Debian's own rules_cc 0.0.4 is too new for it."""
    maybe(
        files_repository,
        name = "rules_cc",
        files = {
            "WORKSPACE": "",
            "BUILD": "",
            "cc/BUILD": "",
            "cc/defs.bzl": "".join(["{0} = native.{0}\n".format(rule) for rule in _CC_RULES]),
        },
    )
    maybe(
        files_repository,
        name = "remote_coverage_tools",
        files = {
            "WORKSPACE": "",
            "BUILD": 'filegroup(name = "coverage_report_generator", visibility = ["//visibility:public"])',
        },
    )
    maybe(native.local_repository, name = "platforms", path = "/usr/share/bazel/tools/platforms")
    maybe(native.local_repository, name = "rules_java", path = "/usr/share/bazel/rules/java")
    maybe(native.local_repository, name = "rules_proto", path = "/usr/share/bazel/rules/proto")

def debian_dependencies():
    """What users need."""
    maybe(
        pkg_config_repository,
        name = "com_google_absl",
        debian_package = "libabsl-dev",
        targets = {
            "absl/base:core_headers": "absl_core_headers",
            "absl/status:status": "absl_status",
            "absl/status:statusor": "absl_statusor",
            "absl/strings:cord": "absl_cord",
            "absl/strings:strings": "absl_strings",
            "absl/time:time": "absl_time",
            "absl/strings:str_format": "absl_str_format",
            "absl/container:flat_hash_map": "absl_flat_hash_map",
            "absl/container:inlined_vector": "absl_inlined_vector",
        },
    )
    maybe(pkg_config_repository, name = "spdlog", debian_package = "libspdlog-dev", targets = {":spdlog": "spdlog"})

    # Of the stemma command only: a repository that no target asks for is never made.
    maybe(pkg_config_repository, name = "nlohmann_json", debian_package = "nlohmann-json3-dev", targets = {":json": "nlohmann_json"})
    maybe(pkg_config_repository, name = "cli11", debian_package = "libcli11-dev", targets = {":cli11": "CLI11"})

    # Of tests only: @stemma//testing/catch2 and @stemma//testing/gtest.
    maybe(
        pkg_config_repository,
        name = "catch2",
        debian_package = "catch2 (version 3, from bookworm-backports)",
        targets = {":catch2": "catch2", ":catch2_main": "catch2-with-main"},
    )
    maybe(
        pkg_config_repository,
        name = "googletest",
        debian_package = "libgmock-dev libgtest-dev",
        targets = {":gtest": "gmock", ":gtest_main": "gmock_main"},
    )

    # Of benchmarks only.
    maybe(pkg_config_repository, name = "google_benchmark", debian_package = "libbenchmark-dev", targets = {":benchmark": "benchmark"})
