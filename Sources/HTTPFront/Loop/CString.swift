import Glibc

/// Reading the strings of C.
enum CString {
    /// How many bytes come before the closing zero; 0 for a nil pointer.
    static func count(_ string: UnsafePointer<CChar>?) -> Int {
        // The caller vouches for the zero.
        unsafe string.map { unsafe strlen($0) } ?? 0
    }

    static func string(_ string: UnsafePointer<CChar>?) -> String {
        guard let string = unsafe string else { return "" }
        // As above.
        return unsafe String(cString: string)
    }
}
