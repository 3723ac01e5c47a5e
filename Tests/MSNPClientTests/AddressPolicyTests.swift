import ByteText
import Loops
import MSNP
import NIOCore
import Testing

@testable import MSNPClient

@Suite struct AddressPolicyTests {
    private func address(_ literal: String) throws -> IPAddress { try #require(IPAddress(literal: literal)) }

    @Test(
        "What kind of place an address is",
        arguments: [
            ("127.0.0.1", IPAddressKind.loopback), ("127.9.9.9", .loopback), ("::1", .loopback),
            ("::ffff:127.0.0.1", .loopback), ("169.254.169.254", .linkLocal), ("fe80::1", .linkLocal),
            ("10.0.0.1", .privateUse), ("172.16.0.1", .privateUse), ("172.31.255.255", .privateUse),
            ("192.168.1.1", .privateUse), ("100.64.0.1", .privateUse), ("fd00::1", .privateUse),
            ("::ffff:10.0.0.1", .privateUse), ("64:ff9b::a00:1", .privateUse), ("2002:0a00:0001::", .privateUse),
            ("0.0.0.0", .unusable), ("::", .unusable), ("224.0.0.1", .unusable), ("255.255.255.255", .unusable),
            ("ff02::1", .unusable), ("240.0.0.1", .unusable), ("8.8.8.8", .publicUnicast),
            ("172.32.0.1", .publicUnicast), ("172.15.0.1", .publicUnicast), ("2606:4700::1111", .publicUnicast),
            ("100.128.0.1", .publicUnicast),
        ])
    func kinds(literal: String, kind: IPAddressKind) throws {
        #expect(try address(literal).kind == kind)
    }

    @Test("Own addresses and public ones; others only in the backend's own kind of network, or listed")
    func policy() throws {
        let policy = AddressPolicy()
        let loopback = [try address("127.0.0.1")]
        let office = [try address("192.168.1.5")]
        let world = [try address("203.0.113.9")]
        #expect(policy.permits(try address("127.0.0.2"), ofBackendAt: loopback))
        #expect(!policy.permits(try address("127.0.0.1"), ofBackendAt: world))
        #expect(!policy.permits(try address("127.0.0.1"), ofBackendAt: office))
        #expect(!policy.permits(try address("169.254.169.254"), ofBackendAt: world))
        #expect(!policy.permits(try address("10.0.0.1"), ofBackendAt: world))
        #expect(policy.permits(try address("10.0.0.1"), ofBackendAt: office))
        #expect(!policy.permits(try address("10.0.0.1"), ofBackendAt: loopback))
        #expect(policy.permits(try address("8.8.8.8"), ofBackendAt: world))
        #expect(policy.permits(try address("8.8.8.8"), ofBackendAt: office))
        #expect(!policy.permits(try address("0.0.0.0"), ofBackendAt: loopback))
        #expect(!policy.permits(try address("10.0.0.1"), ofBackendAt: []))
        let listed = AddressPolicy(listed: [try address("10.0.0.1")])
        #expect(listed.permits(try address("10.0.0.1"), ofBackendAt: world))
        #expect(!listed.permits(try address("10.0.0.2"), ofBackendAt: world))
    }

    @Test(
        "A referral names the ports of web servers, or one that needs no privilege",
        arguments: [
            (80, true), (443, true), (1863, true), (1024, true), (65_535, true), (1, false), (22, false), (25, false),
            (79, false), (81, false), (444, false), (1023, false),
        ] as [(UInt16, Bool)])
    func ports(port: UInt16, isPermitted: Bool) throws {
        let own = try address("203.0.113.9")
        // The backend's own address, a public one and a listed one alike.
        let policy = AddressPolicy(listed: [try address("10.0.0.1")])
        for target in [own, try address("8.8.8.8"), try address("10.0.0.1")] {
            #expect(policy.permits(target, port: port, ofBackendAt: [own]) == isPermitted)
        }
    }

    @Test("Nobody is sent to where the gateway serves HTTP, however that is spelt")
    func ownListeners() throws {
        let loopback = [try address("127.0.0.1"), try address("::1")]
        let listeners = OwnListeners()
        let policy = AddressPolicy(listed: Set(loopback), ownListeners: listeners)
        #expect(policy.permits(try address("127.0.0.1"), port: 8080, ofBackendAt: loopback))
        listeners.add(host: "127.0.0.1", port: 8080)
        for spelling in ["127.0.0.1", "::ffff:127.0.0.1", "0.0.0.0", "::"] {
            #expect(!policy.permits(try address(spelling), port: 8080, ofBackendAt: loopback), "\(spelling)")
        }
        #expect(policy.permits(try address("127.0.0.1"), port: 8081, ofBackendAt: loopback))
        #expect(policy.permits(try address("127.0.0.2"), port: 8080, ofBackendAt: loopback))
        listeners.add(host: "::", port: 9090)
        for spelling in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
            #expect(!policy.permits(try address(spelling), port: 9090, ofBackendAt: loopback), "\(spelling)")
        }
        #expect(policy.permits(try address("8.8.8.8"), port: 9090, ofBackendAt: loopback))
        // Whatever addresses this machine has are its own, public ones too.
        for device in try System.enumerateDevices() {
            guard let address = device.address?.ipAddress.flatMap({ IPAddress(literal: $0) }) else { continue }
            #expect(!policy.permits(address, port: 9090, ofBackendAt: [address]))
        }
    }

    @Test(
        "A name is judged by what it resolves to: decimal, hexadecimal and octal numbers, and localhost",
        arguments: ["localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.1", "::1"])
    func spellings(host: String) async throws {
        struct Elsewhere: AddressResolving {
            func resolve(_ address: ServerAddress) async -> [TCPEndpoint] {
                guard address.host == "far.example" else {
                    return LookUps.lookUp(address.host, port: address.port, atMost: 8)
                }
                return TCPEndpoint(literal: "203.0.113.9", port: address.port).map { [$0] } ?? []
            }
        }
        let configuration = BackendConfiguration(name: "far", address: ServerAddress(host: "far.example"))
        let backend = Backend(configuration, resolver: Elsewhere())
        // A machine without IPv6 resolves `::1` all the same; where nothing is found nothing is reached.
        await #expect(throws: UnreachableFailure.self) {
            try await backend.endpoints(of: ServerAddress(host: host, port: 8080))
        }
    }

    @Test("What the operator wrote down has any port")
    func operatorsWord() async throws {
        var configuration = BackendConfiguration(name: "near", address: ServerAddress(host: "127.0.0.1", port: 25))
        configuration.rewrites["192.0.2.7"] = ServerAddress(host: "127.0.0.1", port: 1)
        let listeners = OwnListeners()
        listeners.add(host: "127.0.0.1", port: 25)
        configuration.addressPolicy.ownListeners = listeners
        let backend = Backend(configuration)
        #expect(try await backend.endpoints(of: configuration.address).map(\.port) == [25])
        #expect(try await backend.endpoints(of: ServerAddress(host: "192.0.2.7", port: 22)).map(\.port) == [22])
        // But a rewrite of a host leads nobody to where the gateway serves HTTP.
        await #expect(throws: UnreachableFailure(reason: .forbiddenAddress)) {
            try await backend.endpoints(of: ServerAddress(host: "192.0.2.7", port: 25))
        }
        for port in [22, 25] as [UInt16] {
            await #expect(throws: UnreachableFailure(reason: .forbiddenAddress)) {
                try await backend.endpoints(of: ServerAddress(host: "127.0.0.2", port: port))
            }
            #expect(throws: UnreachableFailure(reason: .forbiddenAddress)) {
                try backend.knownEndpoints(of: ServerAddress(host: "127.0.0.2", port: port))
            }
        }
        #expect(try backend.knownEndpoints(of: configuration.address)?.map(\.port) == [25])
        #expect(try backend.knownEndpoints(of: ServerAddress(host: "192.0.2.7", port: 22))?.map(\.port) == [22])
    }

    @Test("An address is not judged at once beside a backend whose own has to be looked up")
    func namedBackend() throws {
        let backend = Backend(BackendConfiguration(name: "far", address: ServerAddress(host: "far.example")))
        #expect(try backend.knownEndpoints(of: backend.configuration.address) == nil)
        #expect(try backend.knownEndpoints(of: ServerAddress(host: "203.0.113.9", port: 1863)) == nil)
    }
}
