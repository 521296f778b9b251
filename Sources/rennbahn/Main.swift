import RennbahnCommands

/// The program. What it does is the library Commands, where tests reach it.
@main
enum Main {
    static func main() { Rennbahn.start() }
}
