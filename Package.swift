// swift-tools-version: 6.2

import PackageDescription

/// Warnings are errors in CI (`make test` sets this) and warnings at the desk.
let strict = Context.environment["MSNP_GATEWAY_STRICT"] != nil

/// What every target is built with.
let everywhere: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (strict ? [.treatAllWarnings(as: .error)] : [])

/// For targets that hold no pointer, or hold few and name each `unsafe`.
let memorySafe = everywhere + [.strictMemorySafety()]

/// Tests count what comparing text costs (`TextWork`), and so do the fuzzers; builds for release do not.
let counting: [SwiftSetting] = [
    Context.environment["MSNP_GATEWAY_FUZZ"] == nil
        ? .define("COUNTS_TEXT_WORK", .when(configuration: .debug)) : .define("COUNTS_TEXT_WORK")
]

/// `scripts/fuzz.sh` sets this, for a build of its own: the fuzz targets as a program, where tests have them as a suite.
let fuzzes = Context.environment["MSNP_GATEWAY_FUZZ"] != nil

/// What the fuzz targets take apart.
let fuzzed: [Target.Dependency] = ["ByteText", "Gateway", "HTTPFront", "MSNP", "MSNPClient", "Webhooks"]

/// The other side of a wire, in tests alone: no target of the product uses it.
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]

let package = Package(
    name: "msnp-gateway",
    products: [
        .executable(name: "msnp-gateway", targets: ["GatewayCommand"]),
        .library(name: "GatewayClient", targets: ["GatewayClient"]),
    ],
    dependencies: [
        // For tests alone.
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-collections.git", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibCrypto",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(
            name: "CMicroHTTPD",
            pkgConfig: "libmicrohttpd",
            providers: [.apt(["libmicrohttpd-dev"])]
        ),
        .systemLibrary(
            name: "CYAML",
            pkgConfig: "yaml-0.1",
            providers: [.apt(["libyaml-dev"])]
        ),
        .systemLibrary(
            name: "CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]
        ),
        // Part of glibc, so that nothing is linked or installed for it.
        .systemLibrary(name: "CIconv"),
        .systemLibrary(name: "CLinux"),
        .target(name: "COpenAPI"),
        // libcurl's headers alone: it is opened when there is a first use for it, and not linked.
        .target(name: "CCurl"),
        .target(name: "ByteText", swiftSettings: memorySafe + counting),
        .target(name: "Locking", swiftSettings: memorySafe),
        .target(name: "Encodings", swiftSettings: memorySafe),
        .target(name: "Curl", dependencies: ["CCurl", "Locking"], swiftSettings: memorySafe),
        .target(name: "Digests", dependencies: ["CLibCrypto", "Locking"], swiftSettings: memorySafe),
        .target(name: "YAML", dependencies: ["ByteText", "CYAML"], swiftSettings: memorySafe),
        .target(
            name: "Loops",
            dependencies: [
                "CLinux", "Locking",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: memorySafe
        ),
        .target(
            name: "Webhooks",
            dependencies: [
                "ByteText", "CCurl", "Curl", "Digests", "Encodings", "Locking", "Loops",
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            swiftSettings: memorySafe
        ),
        .target(
            name: "GatewayClient",
            dependencies: ["CCurl", "Curl", "Locking"],
            swiftSettings: memorySafe
        ),
        .target(
            name: "Storage",
            dependencies: [
                "ByteText", "Digests", "Encodings", "Locking",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: memorySafe
        ),
        .target(
            name: "SQLiteStorage",
            dependencies: [
                "ByteText", "CSQLite", "Locking", "Storage",
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            swiftSettings: memorySafe
        ),
        .target(name: "MSNP", dependencies: ["ByteText", "CIconv", "Encodings"], swiftSettings: memorySafe),
        .target(
            name: "MSNPClient",
            dependencies: [
                "ByteText", "Locking", "Loops", "MSNP", .product(name: "DequeModule", package: "swift-collections"),
            ],
            swiftSettings: memorySafe
        ),
        .target(
            name: "MSNPSandbox",
            dependencies: [
                "ByteText", "Digests", "Encodings", "Loops", "MSNP",
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: memorySafe
        ),
        .target(
            name: "HTTPFront",
            dependencies: [
                "ByteText", "CLinux", "CMicroHTTPD", "Locking", "Loops",
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            swiftSettings: memorySafe
        ),
        .target(
            name: "Gateway",
            dependencies: [
                "ByteText", "Digests", "Encodings", "HTTPFront", "Locking", "Loops", "MSNP", "MSNPClient", "Storage",
                "Webhooks",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: memorySafe
        ),
        .target(
            name: "GatewayService",
            dependencies: [
                "ByteText", "CLinux", "COpenAPI", "Curl", "Digests", "Encodings", "Gateway", "HTTPFront", "Locking",
                "Loops",
                "MSNP", "MSNPClient", "MSNPSandbox", "SQLiteStorage", "Storage", "Webhooks", "YAML",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: memorySafe
        ),
        .target(
            name: "Doctor",
            dependencies: [
                "ByteText", "CCurl", "CLinux", "Curl", "Digests", "Encodings", "Gateway", "GatewayService", "HTTPFront",
                "Locking",
                "Loops", "MSNP", "MSNPClient", "Storage", "SQLiteStorage",
            ],
            swiftSettings: memorySafe
        ),
        .target(
            name: "ClientCommands",
            dependencies: ["GatewayClient", "Locking"],
            swiftSettings: memorySafe
        ),
        .executableTarget(
            name: "GatewayCommand",
            dependencies: [
                "ClientCommands", "Digests", "Doctor", "Gateway", "GatewayClient", "GatewayService", "HTTPFront",
                "Loops", "MSNP",
                "MSNPSandbox",
                "Storage",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: memorySafe
        ),
        // What docs/cli.md and GatewayClient's documentation point to; no product, and tried by scripts/check-bots.sh.
        .executableTarget(name: "echo-bot", dependencies: ["GatewayClient"], path: "Examples/EchoBot"),
        .target(
            name: "TestSupport",
            dependencies: ["Locking", "MSNP"] + nio,
            path: "Tests/TestSupport",
            swiftSettings: everywhere
        ),
        .testTarget(name: "ByteTextTests", dependencies: ["ByteText"], swiftSettings: everywhere + counting),
        .testTarget(name: "EncodingsTests", dependencies: ["Encodings"], swiftSettings: everywhere),
        .testTarget(
            name: "LoopsTests", dependencies: ["CLinux", "Locking", "Loops", "TestSupport"], swiftSettings: everywhere),
        .testTarget(name: "DigestsTests", dependencies: ["Digests", "Encodings"], swiftSettings: everywhere),
        .target(name: "SQLiteFaults", dependencies: ["CSQLite"], path: "Tests/SQLiteFaults"),
        .testTarget(
            name: "StorageTests",
            dependencies: ["Digests", "Encodings", "Locking", "Storage", "TestSupport"],
            swiftSettings: everywhere
        ),
        .testTarget(
            name: "SQLiteStorageTests",
            dependencies: [
                "Digests", "Encodings", "Locking", "SQLiteFaults", "SQLiteStorage", "Storage", "TestSupport",
            ],
            swiftSettings: everywhere
        ),
        .testTarget(
            name: "WebhooksTests",
            dependencies: ["Digests", "Encodings", "Locking", "Loops", "MSNP", "TestSupport", "Webhooks"],
            swiftSettings: everywhere
        ),
        .testTarget(
            name: "GatewayClientTests",
            dependencies: [
                "Gateway", "GatewayClient", "HTTPFront", "Locking", "Loops", "MSNP", "MSNPClient", "MSNPSandbox",
                "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ] + nio,
            swiftSettings: everywhere
        ),
        .testTarget(
            name: "ClientCommandsTests", dependencies: ["ClientCommands", "GatewayClient"], swiftSettings: everywhere),
        .testTarget(name: "YAMLTests", dependencies: ["YAML"], swiftSettings: everywhere),
        .testTarget(
            name: "HTTPFrontTests",
            dependencies: ["ByteText", "HTTPFront", "Locking", "Loops", "TestSupport"] + nio,
            swiftSettings: everywhere + counting
        ),
        .testTarget(
            name: "MSNPTests",
            dependencies: ["ByteText", "Digests", "Encodings", "MSNP"],
            swiftSettings: everywhere + counting
        ),
        .testTarget(
            name: "MSNPClientTests",
            dependencies: [
                "ByteText", "Digests", "Encodings", "Loops", "MSNP", "MSNPClient", "MSNPSandbox", "TestSupport",
            ]
                + nio,
            swiftSettings: everywhere
        ),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "ByteText", "Digests", "Encodings", "Gateway", "HTTPFront", "Locking", "Loops", "MSNP", "MSNPClient",
                "MSNPSandbox", "SQLiteFaults", "SQLiteStorage", "Storage", "TestSupport", "Webhooks",
                .product(name: "Logging", package: "swift-log"),
            ] + nio,
            swiftSettings: everywhere + counting
        ),
        .testTarget(
            name: "GatewayServiceTests",
            dependencies: [
                "Digests", "Gateway", "GatewayService", "HTTPFront", "Locking", "Loops", "MSNP", "MSNPClient",
                "MSNPSandbox",
                "SQLiteStorage", "Storage", "TestSupport", "Webhooks", "YAML",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ] + nio,
            swiftSettings: everywhere
        ),
        .testTarget(
            name: "DoctorTests",
            dependencies: [
                "Digests", "Doctor", "Gateway", "GatewayService", "HTTPFront", "Locking", "Loops", "MSNP", "MSNPClient",
                "MSNPSandbox", "TestSupport",
            ],
            swiftSettings: everywhere
        ),
        .testTarget(
            name: "MSNPSandboxTests",
            dependencies: ["Digests", "Encodings", "Loops", "MSNP", "MSNPSandbox"] + nio,
            swiftSettings: everywhere
        ),
    ]
)

package.targets +=
    fuzzes
    ? [
        .executableTarget(
            name: "fuzz",
            dependencies: fuzzed,
            path: "Tests/Fuzz",
            exclude: ["Replay", "corpus"],
            swiftSettings: memorySafe + counting
        )
    ]
    : [
        .testTarget(
            name: "FuzzTests",
            dependencies: fuzzed,
            path: "Tests/Fuzz",
            exclude: ["Entry", "corpus"],
            swiftSettings: everywhere + counting
        )
    ]

// `scripts/bench-state.sh` sets this.
if Context.environment["MSNP_GATEWAY_BENCH"] != nil {
    package.targets.append(
        .executableTarget(
            name: "state-bench",
            dependencies: ["Locking", "SQLiteStorage", "Storage"],
            path: "Benchmarks/State",
            swiftSettings: memorySafe
        ))
}
