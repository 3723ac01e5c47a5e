import CCurl
import Loops

extension CurlTransfer {
    /// What libcurl calls, on the transport's thread; it may as long as this object is there.
    var callbacks: gw_curl_callbacks {
        unsafe gw_curl_callbacks(
            context: Unmanaged.passUnretained(self).toOpaque(), read: readBody, seek: seekBody, write: takeBody,
            header: takeHead, open_socket: openSocket, prerequisite: mayBegin)
    }

    /// Who is meant by the context of a call.
    fileprivate static func of(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
        // The thread keeps the object until its handle is gone.
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    }
}

private let readBody: curl_read_callback = { buffer, size, count, context in
    guard let transfer = unsafe CurlTransfer.of(context), let buffer = unsafe buffer else { return 0 }
    // So many bytes there is room for.
    return unsafe transfer.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
}

private let seekBody: curl_seek_callback = { context, offset, origin in
    guard let transfer = unsafe CurlTransfer.of(context), origin == SEEK_SET, transfer.seek(to: Int(offset)) else {
        return CURL_SEEKFUNC_FAIL
    }
    return CURL_SEEKFUNC_OK
}

private let takeBody: curl_write_callback = { _, size, count, context in
    // Any other number ends the transfer.
    unsafe CurlTransfer.of(context)?.count(size * count) == true ? size * count : 0
}

private let takeHead: curl_write_callback = { line, size, count, context in
    // So many bytes there are.
    let bytes = unsafe Array(UnsafeRawBufferPointer(start: line, count: size * count))
    return unsafe CurlTransfer.of(context)?.headLine(bytes) == true ? size * count : 0
}

private let openSocket: curl_opensocket_callback = { context, _, address in
    guard let transfer = unsafe CurlTransfer.of(context), let address = unsafe address else { return gw_curl_no_socket }
    var bytes = [UInt8](repeating: 0, count: 16)
    // Writes 16 bytes at most.
    let count = unsafe gw_curl_address(address, &bytes)
    guard count > 0, transfer.mayConnect(to: Array(bytes.prefix(count))) else { return gw_curl_no_socket }
    return unsafe gw_curl_open_socket(address)
}

private let mayBegin: curl_prereq_callback = { context, address, _, _, _ in
    guard let transfer = unsafe CurlTransfer.of(context), let address = unsafe address else {
        return CURL_PREREQFUNC_ABORT
    }
    // Text with a zero behind it.
    let bytes = TCPEndpoint(literal: unsafe String(cString: address), port: 0)?.address
    return transfer.maySpeak(to: bytes) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
