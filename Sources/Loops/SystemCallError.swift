/// The system refused something that loops can't do without: descriptors, threads.
package struct SystemCallError: Error, Equatable {
    /// Its name, `epoll_create1` for example.
    package let call: String
    /// An `errno`.
    package let code: Int32

    package init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }
}
