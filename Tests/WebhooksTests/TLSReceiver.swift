import Foundation
import Glibc
import Testing

/// A receiver that speaks TLS and says 204 to everything: Python's, as Swift has none without another library.
final class TLSReceiver {
    /// Who says that the receiver is `bot.example.com`; for a hundred years, and for tests alone.
    static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBeDCCAR2gAwIBAgIBATAKBggqhkjOPQQDAjAiMSAwHgYDVQQDDBdXZWJob29r
        cyB0ZXN0IGF1dGhvcml0eTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAw
        MFowIjEgMB4GA1UEAwwXV2ViaG9va3MgdGVzdCBhdXRob3JpdHkwWTATBgcqhkjO
        PQIBBggqhkjOPQMBBwNCAARyinzuPXkl5Io63y+nB0/+sMdl8OtGy/9ulFgRXQH8
        AXXv0n8GJ1Itt0sDTzCMoR1dg+v39R/F9SlfnIh6rDwjo0IwQDAPBgNVHRMBAf8E
        BTADAQH/MA4GA1UdDwEB/wQEAwICBDAdBgNVHQ4EFgQUV0r9qLW4lcQwtepQcls5
        QbrEFK8wCgYIKoZIzj0EAwIDSQAwRgIhAIufU+T6VLIm2t1HNCAsSAtLvodNGgEj
        un9CVPQQGqc5AiEAq1DDcBgWQd+yhyKCfvcDVsX4jUVwAXfVFsJhulwDZkU=
        -----END CERTIFICATE-----
        """
    private static let certificate = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg5cDNroiJyXpCJdvC
        hxKGwpBRRpeQYIkFY/DoPwR2pRChRANCAAQ+Ive8Zd3qmpwjuYKjo0RGUeKFcBGY
        GSUEUQu7yxv7ui8CsvyyKDnZGC2mnJSKw+QiP7ea+HtfZZfbugrm5FVe
        -----END PRIVATE KEY-----
        -----BEGIN CERTIFICATE-----
        MIIBqzCCAVGgAwIBAgIBAjAKBggqhkjOPQQDAjAiMSAwHgYDVQQDDBdXZWJob29r
        cyB0ZXN0IGF1dGhvcml0eTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAw
        MFowGjEYMBYGA1UEAwwPYm90LmV4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYIKoZI
        zj0DAQcDQgAEPiL3vGXd6pqcI7mCo6NERlHihXARmBklBFELu8sb+7ovArL8sig5
        2RgtppyUisPkIj+3mvh7X2WX27oK5uRVXqN+MHwwGgYDVR0RBBMwEYIPYm90LmV4
        YW1wbGUuY29tMAkGA1UdEwQCMAAwEwYDVR0lBAwwCgYIKwYBBQUHAwEwHQYDVR0O
        BBYEFDzvjw86t+Ivdy/qdL3rV4fzEvQaMB8GA1UdIwQYMBaAFFdK/ai1uJXEMLXq
        UHJbOUG6xBSvMAoGCCqGSM49BAMCA0gAMEUCIQCXlA8TtwlGVtPIzFXqPJ+MjGnZ
        fXwn1cikRc4Ilt4hnwIgFMTib/xcuI0u0CfGEZa9eEaMdgvEPcelLGZoKZ9FMRg=
        -----END CERTIFICATE-----
        """
    private static let script = """
        import http.server, os, ssl, sys, threading
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_POST(self):
                self.rfile.read(int(self.headers["content-length"]))
                self.send_response(204)
                self.end_headers()
            def log_message(self, *_): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1])
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """

    let port: Int
    private let folder: URL
    private let process: pid_t
    /// The process ends with it.
    private let socket: Int32

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "webhooks-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let chain = folder.appending(path: "chain.pem")
        try Data(Self.certificate.utf8).write(to: chain)

        // Not Foundation's process, which leaks a little with each. One pair of sockets is its input and its output.
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        try #require(socketpair(AF_UNIX, kind, 0, &ends) == 0)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        let words: [String] = ["python3", "-c", Self.script, chain.path]
        let copies = words.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        var process: pid_t = 0
        let result = posix_spawnp(&process, "python3", &actions, nil, copies + [nil], environ)
        try #require(result == 0)
        self.process = process
        socket = ends[0]
        close(ends[1])
        var said: [UInt8] = []
        var byte: UInt8 = 0
        while read(ends[0], &byte, 1) == 1, byte != UInt8(ascii: "\n") { said.append(byte) }
        port = try #require(Int(String(decoding: said, as: UTF8.self)))
    }

    deinit {
        close(socket)
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        try? FileManager.default.removeItem(at: folder)
    }
}
