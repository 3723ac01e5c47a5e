import FoundationEssentials
import HTTPFront

/// The pages in `web-static`, read once at the start: no path of a request ever reaches the file system.
struct StaticFiles: Sendable {
    /// Bytes of all files together: a page, not a file server.
    static let mostBytes = 32 << 20

    private let files: [String: Response]

    static let none = StaticFiles(files: [:])

    private init(files: [String: Response]) {
        self.files = files
    }

    /// Reads a directory with what lies below it; throws `StaticFilesError`.
    init(directory: String) throws(StaticFilesError) {
        let manager = FileManager.default
        guard let names = try? manager.subpathsOfDirectory(atPath: directory) else { throw .unreadable(directory) }
        var files: [String: Response] = [:]
        var bytes = 0
        for name in names where !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) {
            let path = directory + "/" + name
            var isDirectory = false
            guard manager.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory else { continue }
            guard let data = manager.contents(atPath: path) else { throw .unreadable(path) }
            bytes += data.count
            guard bytes <= Self.mostBytes else { throw .tooLarge(directory) }
            let response = Self.response(Array(data), name)
            files[name] = response
            if name == "index.html" { files[""] = response }
        }
        self.init(files: files)
    }

    /// The file of a path's segments.
    func file(_ segments: [String]) -> Response? { files[segments.joined(separator: "/")] }

    private static func response(_ bytes: [UInt8], _ name: String) -> Response {
        var response = Response(status: 200, body: bytes)
        response.set("Content-Type", mediaType(of: name))
        response.set(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
                + "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'")
        response.set("Referrer-Policy", "no-referrer")
        return response.taggedPublicly()
    }

    private static func mediaType(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "json": "application/json"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "woff2": "font/woff2"
        case "txt": "text/plain; charset=utf-8"
        default: "application/octet-stream"
        }
    }
}
