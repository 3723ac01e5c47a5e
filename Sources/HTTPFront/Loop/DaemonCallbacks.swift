import CMicroHTTPD

/// What libmicrohttpd calls: each finds its objects and hands over to the loop.
///
/// Contexts are `Daemon`s, not retained. An `Exchange` is retained from the request line to the end of each request, a
/// `Connection` from open to closed: in both cases by the pointer that the library keeps for us.
enum DaemonCallbacks {
    private static func daemon(_ context: UnsafeMutableRawPointer?) -> Daemon? {
        // What `Daemon.init` handed in.
        unsafe context.map { unsafe Unmanaged<Daemon>.fromOpaque($0).takeUnretainedValue() }
    }

    /// The request line is there: its target, which the library is about to decode in place.
    static let target:
        @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?) -> UnsafeMutableRawPointer? = {
            context, target, raw in
            guard let daemon = unsafe daemon(context), let raw = unsafe raw,
                let connection = unsafe Loop.connection(raw)
            else { return nil }
            daemon.noteCall()
            let exchange = connection.exchange
            // Ends with a zero, and is copied before the library goes on.
            unsafe exchange.begin(UnsafeRawBufferPointer(start: target, count: CString.count(target)))
            // Released by `completed`, which the library calls for each pointer that it got here.
            return unsafe Unmanaged.passRetained(exchange).toOpaque()
        }

    static let access: MHD_AccessHandlerCallback = {
        context, connection, _, method, version, upload, uploadSize, request in
        guard let daemon = unsafe daemon(context), let connection = unsafe connection,
            let raw = unsafe request?.pointee, let uploadSize = unsafe uploadSize
        else { return .NO }
        daemon.noteCall()
        // Ours from `target` until `completed`.
        let exchange = unsafe Unmanaged<Exchange>.fromOpaque(raw).takeUnretainedValue()
        // The library reads here how much of the upload is left over: always none.
        let body = unsafe UnsafeRawBufferPointer(start: upload, count: upload == nil ? 0 : uploadSize.pointee)
        unsafe uploadSize.pointee = 0
        // It lies in the library's own buffer, which nobody reads there once all of it is taken: a password would stay.
        defer { unsafe UnsafeMutableRawBufferPointer(mutating: body).initializeMemory(as: UInt8.self, repeating: 0) }
        return unsafe daemon.loop.serve(
            exchange, on: connection, method: method, version: version, body: body) ? .YES : .NO
    }

    static let completed: MHD_RequestCompletedCallback = { context, connection, request, _ in
        guard let raw = unsafe request?.pointee else { return }
        unsafe request?.pointee = nil
        // Balances `target`; not called again for this request.
        let exchange = unsafe Unmanaged<Exchange>.fromOpaque(raw).takeRetainedValue()
        guard let daemon = unsafe daemon(context), let connection = unsafe connection else { return }
        daemon.noteCall()
        unsafe daemon.loop.completed(exchange, on: connection)
    }

    static let connection: MHD_NotifyConnectionCallback = { context, connection, socketContext, what in
        guard let daemon = unsafe daemon(context), let connection = unsafe connection,
            let socketContext = unsafe socketContext
        else { return }
        daemon.noteCall()
        // Not a `switch`: the library may have more values than those of its header.
        if what == .CONNECTION_NOTIFY_STARTED {
            let opened = unsafe daemon.loop.makeConnection(
                connection, peer: PeerAddress(gw_client_address(connection)),
                descriptor: gw_connection_descriptor(connection), of: daemon)
            // Released when the connection is closed.
            unsafe socketContext.pointee = Unmanaged.passRetained(opened).toOpaque()
            daemon.loop.opened(opened, of: daemon)
        } else if what == .CONNECTION_NOTIFY_CLOSED {
            guard let raw = unsafe socketContext.pointee else { return }
            unsafe socketContext.pointee = nil
            unsafe daemon.loop.closed(Unmanaged<Connection>.fromOpaque(raw).takeRetainedValue(), of: daemon)
        }
    }
}
