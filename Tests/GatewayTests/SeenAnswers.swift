import Foundation
import HTTPFront
import Locking

@testable import Gateway

/// Writes each answer of the suite to the file that `SEEN_ANSWERS` names, a line of JSON each.
///
/// `Tests/Contract/check_answers.py` compares them with the API's description. Without the variable nothing is written.
enum SeenAnswers {
    private struct Line: Encodable {
        let method: String
        let path: String
        /// The template of the route that the path leads to; nil for none.
        let route: String?
        let status: Int
        let headers: [[String]]
        let body: String
    }

    private static let file = Locked(open())

    private static func open() -> FileHandle? {
        guard let path = ProcessInfo.processInfo.environment["SEEN_ANSWERS"] else { return nil }
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        return FileHandle(forWritingAtPath: path)
    }

    static func record(_ head: RequestHead, _ router: Router, _ response: Response) {
        file.withLock { file in
            // A piece of a stream has no head: that was an answer of its own.
            guard let file, !response.headers.isEmpty else { return }
            let path = PathSegments.split(head.path)
            let line = Line(
                method: head.method, path: head.path,
                route: path.flatMap { path in router.all.first { $0.match(path) != nil }?.template },
                status: response.status, headers: response.headers.map { [$0.name, $0.value] },
                body: String(decoding: response.body, as: UTF8.self))
            file.write(((try? JSONEncoder().encode(line)) ?? Data()) + [0x0A])
        }
    }
}
