import ByteText
import HTTPFront
import Locking

/// The pages in `web-static`: no path of a request ever reaches the file system.
///
/// Which there are is found out at the start. What they hold is read when somebody asks for one first: it is half a megabyte, and
/// many gateways are asked by programs alone. All are read together, so that a page is of one version; where they have changed since
/// they were found, they are looked for anew.
final class StaticFiles: Sendable {
    /// What becomes of a path.
    enum Found: Sendable {
        /// There is no such file.
        case nothing
        /// The file.
        case response(Response)
        /// The files are to be read first.
        case unread
    }

    /// What is known of the files, by the segments of their paths, so that an escaped slash separates nothing.
    private struct Pages {
        var places: [[ByteText]: Int] = [:]
        /// Nil until they are read.
        var responses: [Response]?

        init() {}

        init(_ folder: WebFolder) {
            for (index, file) in folder.files.enumerated() {
                places[file.path.map { ByteText($0) }] = index
                if file.path == ["index.html"] { places[[""]] = index }
            }
        }
    }

    /// Reads the files once, so that whoever comes meanwhile waits for it instead of reading them once more.
    private actor Reader {
        /// How long nobody tries again: each attempt may read all that is allowed, for anybody who asks.
        private static let patience = Duration.seconds(1)

        private let directory: String
        private var folder: WebFolder
        private var isRead = false
        /// When the last attempt came to nothing.
        private var failed: Duration?
        private let clock: GatewayClock
        private let failure: @Sendable (StaticFilesError) -> Void

        init(
            _ directory: String, _ folder: WebFolder, _ clock: GatewayClock,
            _ failure: @escaping @Sendable (StaticFilesError) -> Void
        ) {
            self.directory = directory
            self.folder = folder
            self.clock = clock
            self.failure = failure
        }

        func read(for files: StaticFiles) throws(Problem) {
            guard !isRead else { return }
            // Where they lie, and why they can't be read, is nothing for whoever asks.
            let unreadable = Problem(.notFound, "The files of the page can't be read now.")
            let now = clock.uptime()
            if let failed, now - failed < Self.patience { throw unreadable }
            do throws(StaticFilesError) {
                let contents: [[UInt8]]
                if let found = try? folder.contents() {
                    contents = found
                } else {
                    // Another version lies there by now.
                    folder = try WebFolder(directory, mostBytes: StaticFiles.mostBytes)
                    contents = try folder.contents()
                }
                var pages = Pages(folder)
                pages.responses = zip(folder.files, contents).map { StaticFiles.response($1, $0.path.last ?? "") }
                files.pages.withLock { $0 = pages }
                isRead = true
            } catch {
                failed = now
                failure(error)
                throw unreadable
            }
        }
    }

    /// Bytes of all files together: a page, not a file server.
    static let mostBytes = 32 << 20
    /// Bytes of a path; what is longer names no file.
    private static let longestPath = 1024

    private let pages: Locked<Pages>
    /// Links that lead out of the folder, which are not served, by their paths in it.
    let leaving: [String]
    private let reader: Reader?

    static let none = StaticFiles()

    private init() {
        pages = Locked(Pages())
        leaving = []
        reader = nil
    }

    /// The files of a directory with what lies below it; throws `StaticFilesError`.
    ///
    /// - Parameter failure: is told why they could not be read when somebody asked.
    init(
        directory: String, clock: GatewayClock, failure: @escaping @Sendable (StaticFilesError) -> Void
    ) throws(StaticFilesError) {
        let folder = try WebFolder(directory, mostBytes: Self.mostBytes)
        pages = Locked(Pages(folder))
        leaving = folder.leaving
        reader = Reader(directory, folder, clock, failure)
    }

    /// The file of a path's segments.
    func find(_ segments: [Substring]) -> Found {
        guard segments.reduce(0, { $0 + $1.utf8.count + 1 }) <= Self.longestPath else { return .nothing }
        let path = segments.map { ByteText($0) }
        return pages.withLock { pages in
            guard let place = pages.places[path] else { return .nothing }
            return pages.responses.map { .response($0[place]) } ?? .unread
        }
    }

    /// Has the files read; throws `Problem` when they can't be.
    func read() async throws(Problem) { try await reader?.read(for: self) }

    fileprivate static func response(_ bytes: [UInt8], _ name: String) -> Response {
        var response = Response(status: 200, body: bytes)
        response.set("Content-Type", mediaType(of: name))
        response.set("Content-Security-Policy", HTML.ownFilesPolicy)
        response.set("Referrer-Policy", "no-referrer")
        return response.taggedPublicly()
    }

    private static func mediaType(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "json": "application/json"
        case "webmanifest": "application/manifest+json"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "woff2": "font/woff2"
        case "txt": "text/plain; charset=utf-8"
        default: "application/octet-stream"
        }
    }
}
