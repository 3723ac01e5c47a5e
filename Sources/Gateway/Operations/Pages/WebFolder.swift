import FoundationEssentials
import Glibc

/// The files below a folder, read without leaving it whatever its links say.
///
/// A link that stays inside is followed; one that leads out may point at anything that the process can read, and is left
/// out. Each file is opened from the folder on, one step after the other and none of them a link any more, so that
/// what was found inside is still inside when it is read.
struct WebFolder {
    struct File {
        /// From the folder on, as it is asked for.
        let path: [String]
        let bytes: [UInt8]
    }

    /// Files and folders at most: a page has some fifty.
    static let mostEntries = 4096
    /// Folders within each other.
    static let deepest = 16

    private(set) var files: [File] = []
    /// Links that lead out of the folder, by their paths in it.
    private(set) var leaving: [String] = []

    private let root: String
    private let directory: String
    private let mostBytes: Int
    private var entries = 0
    private var size = 0

    /// Reads everything; throws `StaticFilesError`.
    ///
    /// Names that begin with a dot are left out, and so is what is neither a file nor a folder.
    init(_ directory: String, mostBytes: Int) throws(StaticFilesError) {
        guard let root = Self.resolved(directory) else { throw .unreadable(directory) }
        self.root = root
        self.directory = directory
        self.mostBytes = mostBytes
        try read([], at: [], within: [])
    }

    /// Reads the folder that lies at `place` and is asked for as `path`; `within` are those that led there.
    private mutating func read(_ path: [String], at place: [String], within: [[String]]) throws(StaticFilesError) {
        let folder = ([root] + place).joined(separator: "/")
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw .unreadable(shown(path))
        }
        for name in names.sorted() where name.utf8.first != UInt8(ascii: ".") {
            entries += 1
            guard entries <= Self.mostEntries else { throw .tooLarge(directory) }
            // A link to nothing names nothing.
            guard let target = Self.resolved(folder + "/" + name) else { continue }
            guard let place = inside(target) else {
                leaving.append((path + [name]).joined(separator: "/"))
                continue
            }
            try read(path + [name], at: place, within)
        }
    }

    /// Reads what lies at `place`, which is no link.
    private mutating func read(
        _ path: [String], at place: [String], _ within: [[String]]
    ) throws(StaticFilesError) {
        guard let descriptor = open(place) else { throw .unreadable(shown(path)) }
        defer { close(descriptor) }
        var information = Glibc.stat()
        // Fills the structure.
        guard unsafe fstat(descriptor, &information) == 0 else { throw .unreadable(shown(path)) }
        switch information.st_mode & S_IFMT {
        case S_IFREG:
            guard Int(information.st_size) <= mostBytes - size else { throw .tooLarge(directory) }
            guard let bytes = Self.bytes(of: descriptor, atMost: mostBytes - size) else {
                throw .unreadable(shown(path))
            }
            size += bytes.count
            files.append(File(path: path, bytes: bytes))
        case S_IFDIR:
            // A link to a folder that it lies in leads round in a circle.
            guard path.count <= Self.deepest, !place.isEmpty, !within.contains(place) else { return }
            try read(path, at: place, within: within + [place])
        default: return
        }
    }

    private func shown(_ path: [String]) -> String { ([directory] + path).joined(separator: "/") }

    // MARK: - Paths

    /// The steps from the folder to a path without links; nil when it lies elsewhere.
    private func inside(_ target: String) -> [String]? {
        let beginning = (root == "/" ? root : root + "/").utf8
        guard target.utf8.starts(with: beginning) else { return target.utf8.elementsEqual(root.utf8) ? [] : nil }
        return target.utf8.dropFirst(beginning.count).split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
    }

    /// A path with all its links followed; nil when there is nothing.
    private static func resolved(_ path: String) -> String? {
        // Gives memory of its own, which is copied and given back.
        guard let bytes = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(bytes) }
        return unsafe String(validatingCString: bytes)
    }

    // MARK: - Files

    /// A descriptor of what lies at these steps from the folder; nil when one of them is a link or is not there.
    private func open(_ place: [String]) -> Int32? {
        // Reads the path and keeps nothing.
        var descriptor = unsafe Glibc.open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        for step in place where descriptor >= 0 {
            let folder = descriptor
            // A pipe must not hold the start up. Reads the path and keeps nothing.
            descriptor = unsafe openat(folder, step, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            close(folder)
        }
        return descriptor >= 0 ? descriptor : nil
    }

    /// What a file holds; nil when it can't be read, or has grown beyond `limit`.
    private static func bytes(of descriptor: Int32, atMost limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            // Writes no more than it is given room for and keeps nothing.
            let count = unsafe piece.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count == 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            guard count > 0, bytes.count + count <= limit else { return nil }
            bytes.append(contentsOf: piece[..<count])
        }
    }
}
