import Foundation
import Testing

/// Every input that the fuzzers once found worth keeping, fed to its target again.
@Suite(.timeLimit(.minutes(5))) struct CorpusTests {
    private static let corpus = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "corpus")

    @Test("Nothing in the corpus has its target do what it never should", arguments: FuzzTarget.allCases)
    func replay(_ target: FuzzTarget) throws {
        let folder = Self.corpus.appending(path: target.rawValue)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(files.count >= 3, "a corpus of hardly anything")
        for file in files.sorted(by: { $0.lastPathComponent < $1.lastPathComponent }) {
            // Foundation leaks a page for each empty file that it reads.
            let size = try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int
            let input = size == 0 ? [] : try Array(Data(contentsOf: file))
            #expect(throws: Never.self, "\(target.rawValue)/\(file.lastPathComponent)") { try target.run(input) }
            // Cut short, as a connection can be anywhere.
            for length in stride(from: 0, to: input.count, by: max(1, input.count / 16)) {
                #expect(throws: Never.self, "\(target.rawValue)/\(file.lastPathComponent), \(length) bytes") {
                    try target.run(Array(input.prefix(length)))
                }
            }
        }
    }

    @Test("Every folder of the corpus is a target's")
    func folders() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path)
        #expect(Set(names) == Set(FuzzTarget.allCases.map(\.rawValue)))
    }
}
