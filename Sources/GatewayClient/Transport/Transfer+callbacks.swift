import CCurl

extension Transfer {
    /// What libcurl calls, on the transport's thread; it may as long as this object is there.
    var callbacks: gw_curl_callbacks {
        unsafe gw_curl_callbacks(
            context: Unmanaged.passUnretained(self).toOpaque(), read: readBody, seek: seekBody, write: takeBody,
            header: takeHead, open_socket: openSocket, prerequisite: mayBegin)
    }

    /// Who is meant by the context of a call.
    fileprivate static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        // The thread keeps the object until its handle is gone.
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }
}

private let readBody: curl_read_callback = { buffer, size, count, context in
    guard let transfer = unsafe Transfer.of(context), let buffer = unsafe buffer else { return 0 }
    // So many bytes there is room for.
    return unsafe transfer.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
}

private let seekBody: curl_seek_callback = { context, offset, origin in
    guard let transfer = unsafe Transfer.of(context), origin == SEEK_SET, transfer.seek(to: Int(offset)) else {
        return CURL_SEEKFUNC_FAIL
    }
    return CURL_SEEKFUNC_OK
}

private let takeBody: curl_write_callback = { piece, size, count, context in
    // So many bytes there are; any other number than that ends the transfer.
    let bytes = unsafe Array(UnsafeRawBufferPointer(start: piece, count: size * count))
    return unsafe Transfer.of(context)?.take(bytes) == true ? size * count : 0
}

private let takeHead: curl_write_callback = { line, size, count, context in
    // So many bytes there are.
    let bytes = unsafe Array(UnsafeRawBufferPointer(start: line, count: size * count))
    return unsafe Transfer.of(context)?.headLine(bytes) == true ? size * count : 0
}

private let openSocket: curl_opensocket_callback = { _, _, address in
    guard let address = unsafe address else { return gw_curl_no_socket }
    return unsafe gw_curl_open_socket(address)
}

private let mayBegin: curl_prereq_callback = { context, _, _, _, _ in
    unsafe Transfer.of(context)?.begin()
    return CURL_PREREQFUNC_OK
}
