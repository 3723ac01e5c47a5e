import Glibc

/// Reading the strings of C.
enum CString {
    /// The bytes before the closing zero; none of a nil pointer.
    static func bytes(_ string: UnsafePointer<CChar>?) -> [UInt8] {
        guard let string = unsafe string else { return [] }
        // The caller vouches for the zero.
        return unsafe [UInt8](UnsafeRawBufferPointer(start: string, count: strlen(string)))
    }

    static func string(_ string: UnsafePointer<CChar>?) -> String {
        guard let string = unsafe string else { return "" }
        // As above.
        return unsafe String(cString: string)
    }
}
