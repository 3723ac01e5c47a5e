extension LogSettings {
    /// What the environment says of the log, for commands that have no settings file; throws `SettingsError`.
    package init(environment: [String: String]) throws(SettingsError) {
        let reader = SettingsReader(flags: ServeFlags(), environment: SettingsEnvironment(environment), file: nil)
        self = try reader.log()
    }
}
