import Glibc

/// The target that `FUZZ_TARGET` names.
private let target: FuzzTarget = {
    // The environment is the process's and does not change; the text is copied.
    guard let name = unsafe getenv("FUZZ_TARGET").map({ unsafe String(cString: $0) }),
        let target = FuzzTarget(rawValue: name)
    else { fatalError("FUZZ_TARGET has to be one of \(FuzzTarget.allCases.map(\.rawValue))") }
    return target
}()

/// What libFuzzer's own `main` calls with each input; `scripts/fuzz.sh` builds and runs it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    // The bytes are libFuzzer's for the time of the call, and copied.
    let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: size))
    do {
        try target.run(input)
    } catch {
        // A trap is what libFuzzer calls a finding.
        fatalError("\(error)")
    }
    return 0
}
