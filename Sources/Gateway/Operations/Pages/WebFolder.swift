import FoundationEssentials
import Glibc

/// The files below a folder, found and read without leaving it whatever its links say.
///
/// A link that stays inside is followed; one that leads out may point at anything that the process can read, and is left
/// out. Each file is opened from the folder on, one step after the other and none of them a link any more, so that
/// what was found inside is still inside when it is read, however much later.
struct WebFolder: Sendable {
    struct File: Sendable {
        /// From the folder on, as it is asked for.
        let path: [String]
        /// Where it lies, from the folder on, without links.
        fileprivate let place: [String]
        /// What it was when it was found.
        fileprivate let stamp: Stamp
    }

    /// What tells a file from another one, or from what it was before.
    fileprivate struct Stamp: Equatable {
        let device: UInt64
        let number: UInt64
        let size: Int
        let seconds: Int
        let nanoseconds: Int

        init(_ information: Glibc.stat) {
            (device, number) = (UInt64(information.st_dev), UInt64(information.st_ino))
            size = Int(information.st_size)
            (seconds, nanoseconds) = (information.st_mtim.tv_sec, information.st_mtim.tv_nsec)
        }
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

    /// Finds everything; throws `StaticFilesError` when some of it could not be read now, or is too much.
    ///
    /// Names that begin with a dot are left out, and so is what is neither a file nor a folder.
    init(_ directory: String, mostBytes: Int) throws(StaticFilesError) {
        guard let root = Self.resolved(directory) else { throw .unreadable(directory) }
        self.root = root
        self.directory = directory
        self.mostBytes = mostBytes
        try find([], at: [], within: [])
    }

    /// What is in the files now, in their order; throws `StaticFilesError`.
    ///
    /// All or nothing: a file that is not what it was when it was found is `unreadable`, as the others may be of another version.
    func contents() throws(StaticFilesError) -> [[UInt8]] {
        var contents: [[UInt8]] = []
        for file in files {
            guard let opened = Opened(file.place, of: root), opened.isFile, opened.stamp == file.stamp,
                let bytes = opened.bytes(atMost: file.stamp.size), bytes.count == file.stamp.size
            else { throw .unreadable(shown(file.path)) }
            contents.append(bytes)
        }
        return contents
    }

    /// Finds what is in the folder that lies at `place` and is asked for as `path`; `within` are those that led there.
    private mutating func find(_ path: [String], at place: [String], within: [[String]]) throws(StaticFilesError) {
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
            try take(path + [name], at: place, within)
        }
    }

    /// Takes what lies at `place`, which is no link.
    private mutating func take(
        _ path: [String], at place: [String], _ within: [[String]]
    ) throws(StaticFilesError) {
        guard let opened = Opened(place, of: root) else { throw .unreadable(shown(path)) }
        if opened.isFile {
            guard opened.size <= mostBytes - size else { throw .tooLarge(directory) }
            size += opened.size
            files.append(File(path: path, place: place, stamp: opened.stamp))
        } else if opened.isFolder {
            // A link to a folder that it lies in leads round in a circle.
            guard path.count <= Self.deepest, !place.isEmpty, !within.contains(place) else { return }
            try find(path, at: place, within: within + [place])
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

    /// What lies in the folder and is open until the end of this.
    private struct Opened: ~Copyable {
        private let descriptor: Int32
        private let information: Glibc.stat

        /// Opens what lies at these steps from `root`; nil when one of them is a link or is not there.
        init?(_ place: [String], of root: String) {
            // Reads the path and keeps nothing.
            var descriptor = unsafe Glibc.open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
            for step in place where descriptor >= 0 {
                let folder = descriptor
                // A pipe must hold nobody up. Reads the path and keeps nothing.
                descriptor = unsafe openat(folder, step, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
                close(folder)
            }
            var information = Glibc.stat()
            // Fills the structure.
            guard descriptor >= 0, unsafe fstat(descriptor, &information) == 0 else {
                close(descriptor)
                return nil
            }
            self.descriptor = descriptor
            self.information = information
        }

        var isFile: Bool { information.st_mode & S_IFMT == S_IFREG }
        var isFolder: Bool { information.st_mode & S_IFMT == S_IFDIR }
        var size: Int { Int(information.st_size) }
        var stamp: Stamp { Stamp(information) }

        /// What a file holds; nil when it can't be read, or has grown beyond `limit`.
        func bytes(atMost limit: Int) -> [UInt8]? {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(size)
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

        deinit { close(descriptor) }
    }
}
