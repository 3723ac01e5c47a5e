import ByteText
import HTTPFront
import Locking

/// The pages in `web-static`: no path of a request ever reaches the file system.
///
/// Which there are is found out at the start. What they hold is read when somebody asks for one first: it is half a megabyte, and
/// many gateways are asked by programs alone. All are read together, so that a page is of one version.
final class StaticFiles: Sendable {
    /// One of the files.
    struct Place: Sendable {
        fileprivate let index: Int
    }

    /// Reads the files once, so that whoever comes meanwhile waits for it instead of reading them once more.
    private actor Reader {
        private let folder: WebFolder

        init(_ folder: WebFolder) { self.folder = folder }

        func responses(_ files: StaticFiles) throws(Problem) -> [Response] {
            if let responses = files.read.withLock(\.self) { return responses }
            let contents: [[UInt8]]
            do throws(StaticFilesError) {
                contents = try folder.contents()
            } catch {
                // Where they lie is nothing for whoever asks. Whoever comes next has them read again.
                throw Problem(.internalError, "The files of the page can't be read, or have been changed for others.")
            }
            let responses = zip(folder.files, contents).map { StaticFiles.response($1, $0.path.last ?? "") }
            files.read.withLock { $0 = responses }
            return responses
        }
    }

    /// Bytes of all files together: a page, not a file server.
    static let mostBytes = 32 << 20
    /// Bytes of a path; what is longer names no file.
    private static let longestPath = 1024

    /// Each by the segments of its path, so that an escaped slash separates nothing.
    private let places: [[ByteText]: Int]
    /// Links that lead out of the folder, which are not served, by their paths in it.
    let leaving: [String]
    private let reader: Reader?
    private let read = Locked<[Response]?>(nil)

    static let none = StaticFiles()

    private init() {
        places = [:]
        leaving = []
        reader = nil
    }

    /// The files of a directory with what lies below it; throws `StaticFilesError`.
    init(directory: String) throws(StaticFilesError) {
        let folder = try WebFolder(directory, mostBytes: Self.mostBytes)
        var places: [[ByteText]: Int] = [:]
        for (index, file) in folder.files.enumerated() {
            places[file.path.map { ByteText($0) }] = index
            if file.path == ["index.html"] { places[[""]] = index }
        }
        self.places = places
        leaving = folder.leaving
        reader = Reader(folder)
    }

    /// The file of a path's segments.
    func place(_ segments: [Substring]) -> Place? {
        guard segments.reduce(0, { $0 + $1.utf8.count + 1 }) <= Self.longestPath else { return nil }
        return places[segments.map { ByteText($0) }].map { Place(index: $0) }
    }

    /// A file, once they have been read.
    func ready(_ place: Place) -> Response? { read.withLock { $0?[place.index] } }

    /// A file; throws `Problem` when what was found at the start is there no more.
    func response(_ place: Place) async throws(Problem) -> Response {
        // There is a place only where there are files.
        guard let reader else { throw Problem(.notFound, "There is nothing at this path.") }
        return try await reader.responses(self)[place.index]
    }

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
