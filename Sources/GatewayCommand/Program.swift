import ArgumentParser
import GatewayService

/// What the kernel starts.
@main enum Program {
    static func main() async {
        // Before any thread, file or password.
        ProcessLimits.apply()
        await RootCommand.main()
    }
}
