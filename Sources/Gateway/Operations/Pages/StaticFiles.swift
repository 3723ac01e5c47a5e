import ByteText
import HTTPFront

/// The pages in `web-static`, read once at the start: no path of a request ever reaches the file system.
struct StaticFiles: Sendable {
    /// Bytes of all files together: a page, not a file server.
    static let mostBytes = 32 << 20
    /// Bytes of a path; what is longer names no file.
    private static let longestPath = 1024

    /// Each by the segments of its path, so that an escaped slash separates nothing.
    private let files: [[ByteText]: Response]
    /// Links that lead out of the folder, which are not served, by their paths in it.
    let leaving: [String]

    static let none = StaticFiles(files: [:], leaving: [])

    private init(files: [[ByteText]: Response], leaving: [String]) {
        self.files = files
        self.leaving = leaving
    }

    /// Reads a directory with what lies below it; throws `StaticFilesError`.
    init(directory: String) throws(StaticFilesError) {
        let folder = try WebFolder(directory, mostBytes: Self.mostBytes)
        var files: [[ByteText]: Response] = [:]
        for file in folder.files {
            guard let name = file.path.last else { continue }
            let response = Self.response(file.bytes, name)
            files[file.path.map { ByteText($0) }] = response
            if file.path == ["index.html"] { files[[""]] = response }
        }
        self.init(files: files, leaving: folder.leaving)
    }

    /// The file of a path's segments.
    func file(_ segments: [Substring]) -> Response? {
        guard segments.reduce(0, { $0 + $1.utf8.count + 1 }) <= Self.longestPath else { return nil }
        return files[segments.map { ByteText($0) }]
    }

    private static func response(_ bytes: [UInt8], _ name: String) -> Response {
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
