import Foundation
import Gateway
import GatewayService
import Testing

/// What can be set, against the types that are set and the page that says so.
@Suite struct SettingCatalogueTests {
    @Test("Every limit can be set")
    func limits() {
        func names(_ value: Any, _ prefix: String) -> [String] {
            Mirror(reflecting: value).children.flatMap { child -> [String] in
                let name = prefix + (child.label ?? "?")
                return child.value is Int ? [name] : names(child.value, name + ".")
            }
        }
        let settable = Setting.all.map(\.key).filter { $0.hasPrefix("limits.") }
        #expect(settable.sorted() == names(GatewayLimits(), "limits.").sorted())
        #expect(settable.count >= 10)
    }

    @Test func environmentNamesAreUnique() {
        let names = Setting.all.map(SettingsEnvironment.name)
        #expect(Set(names).count == names.count)
        #expect(!names.contains(SettingsEnvironment.fileVariable))
        #expect(!names.contains { $0.hasPrefix(SettingsEnvironment.prefix + "BACKEND_") })
    }

    @Test("The environment names of two backends' settings can't be the same")
    func backendEnvironmentNames() {
        // NAME_SETTING can be read in two ways only if a setting is the end of another.
        let words = BackendSetting.allCases.map { setting in
            setting.rawValue.replacing(/[A-Z]/) { "_" + $0.output }.uppercased()
        }
        for word in words {
            #expect(!words.contains { $0.hasSuffix("_" + word) })
        }
    }

    @Test("docs/configuration.md has a row for each key, with its environment name")
    func documentation() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
            row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        let documented = Dictionary(rows.map { ($0[0], $0[1]) }, uniquingKeysWith: { first, _ in first })
        var expected = Dictionary(
            uniqueKeysWithValues: Setting.all.map { ("`\($0.key)`", "`\(SettingsEnvironment.name(of: $0))`") })
        for setting in BackendSetting.allCases {
            let name = setting.rawValue.replacing(/[A-Z]/) { "_" + $0.output }.uppercased()
            expected["`backend.NAME.\(setting.rawValue)`"] = "`MSNP_GATEWAY_BACKEND_NAME_\(name)`"
        }
        #expect(documented.filter { $0.key != "`--config`" } == expected)
    }
}
