import GatewayService

/// Reads settings of which each source is given as text.
func settings(
    _ flags: (inout ServeFlags) -> Void = { _ in }, environment: [String: String] = [:], file: String? = nil
) throws -> ServeSettings {
    var typed = ServeFlags()
    flags(&typed)
    guard let file else { return try ServeSettings(flags: typed, environment: environment) }
    let directory = try ScratchDirectory()
    typed.config = try directory.write("gateway.yaml", file)
    do {
        return try withExtendedLifetime(directory) { try ServeSettings(flags: typed, environment: environment) }
    } catch var error as SettingsError {
        // The scratch path differs from run to run.
        if case .file(_, let line) = error.source { error.source = .file("gateway.yaml", line: line) }
        throw error
    }
}

/// The sandbox is what every set of settings needs at least.
func sandboxSettings(environment: [String: String] = [:], file: String? = nil) throws -> ServeSettings {
    try settings({ $0.sandbox = .alone }, environment: environment, file: file)
}

/// What reading complains about; nil when it doesn't.
func complaint(
    _ flags: (inout ServeFlags) -> Void = { $0.sandbox = .alone }, environment: [String: String] = [:],
    file: String? = nil
) throws -> SettingsError? {
    do {
        _ = try settings(flags, environment: environment, file: file)
        return nil
    } catch let error as SettingsError {
        return error
    }
}
