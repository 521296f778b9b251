package import ArgumentParser

/// The command line: every command of the program.
package struct Rennbahn: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "rennbahn",
        abstract: "A WAMP router, and a load generator that measures WAMP routers.",
        discussion: """
            Exit status of every command:
              0   good
              1   internal error
              2   regression: a build is slower than its base (rennbahn gate)
              3   a goal is missed (rennbahn bench --goals)
              4   verification failure: messages were lost, duplicated, out of order or corrupt
              5   invalid run: the generator was saturated in an open-loop run, or fewer connections than asked for;
                  or undecided (rennbahn gate)
              64  usage or configuration
            """,
        version: Version.text,
        subcommands: [
            RouterCommand.self, LoadCommand.self, BenchCommand.self, GateCommand.self, HistoryCommand.self,
            ExchangeCommand.self, EchoClientCommand.self, CheckCommand.self,
            InitCommand.self,
        ])

    package init() {}

    /// Does what the process's arguments say, and ends the process with the status of that.
    package static func start() { main() }
}
