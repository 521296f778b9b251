import Testing

@testable import RennbahnCommands

/// Whether what is told has colours and emphasis.
struct ConsoleTests {
    private func isStyled(_ environment: [String: String], isTerminal: Bool = true) -> Bool {
        Console.isStyled(isTerminal: isTerminal, environment: environment)
    }

    @Test func `A terminal is styled, whatever it is called`() {
        #expect(isStyled([:]))
        #expect(isStyled(["TERM": "xterm-256color"]))
        #expect(isStyled(["TERM": ""]))
    }

    @Test func `NO_COLOR with any value takes the styles away, and an empty one is as good as none`() {
        for value in ["1", "0", "false", " "] {
            #expect(!isStyled(["NO_COLOR": value]), "\(value)")
            #expect(!isStyled(["NO_COLOR": value, "TERM": "xterm"]), "\(value)")
        }
        #expect(isStyled(["NO_COLOR": "", "TERM": "xterm"]))
        #expect(isStyled(["no_color": "1"]), "the name is in capitals")
    }

    @Test func `A terminal that is called dumb has no styles`() {
        #expect(!isStyled(["TERM": "dumb"]))
        #expect(!isStyled(["TERM": "dumb", "NO_COLOR": ""]))
        #expect(isStyled(["TERM": "dumber"]))
    }

    @Test func `What is no terminal has no styles`() {
        #expect(!isStyled([:], isTerminal: false))
        #expect(!isStyled(["TERM": "xterm-256color", "NO_COLOR": ""], isTerminal: false))
    }
}
