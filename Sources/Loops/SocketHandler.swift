/// Who hears what happens on a `Socket`, on its loop's thread.
package protocol SocketHandler: AnyObject {
    /// Bytes have come; they are there as long as the call.
    func received(_ bytes: Span<UInt8>)
    /// Our side closes the connection: nothing more is received, and `closed` follows in a moment.
    func closing()
    /// The connection is closed: in order by either side, or with `isBroken` by the network. The last call.
    func closed(isBroken: Bool)
}
