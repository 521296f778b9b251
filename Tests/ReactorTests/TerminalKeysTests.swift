import CRennbahnLinux
import Foundation
import Testing

@testable import RennbahnReactor

/// Keys of a terminal, here of a pair that the kernel makes.
struct TerminalKeysTests {
    /// Both ends of a terminal: who types, and where it arrives.
    private func terminal() throws -> (typist: Int32, program: Int32) {
        let typist = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (lock, number) = (Int32(0), Int32(0))
        // What unlockpt and ptsname ask: TIOCSPTLCK and TIOCGPTN.
        try #require(typist >= 0 && ioctl(typist, 0x4004_5431, &lock) == 0 && ioctl(typist, 0x8004_5430, &number) == 0)
        let program = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(program >= 0)
        return (typist, program)
    }

    private func flags(_ descriptor: Int32) throws -> UInt32 {
        var mode = termios()
        try #require(tcgetattr(descriptor, &mode) == 0)
        return mode.c_lflag
    }

    @Test func `Keys come one by one and unseen, and the terminal is then what it was before`() throws {
        let (typist, program) = try terminal()
        defer {
            close(typist)
            close(program)
        }
        let before = try flags(program)
        #expect(TerminalKeys.take(program))
        #expect(!TerminalKeys.take(program), "they are taken")
        #expect(try flags(program) & UInt32(ICANON | ECHO) == 0)
        #expect(try flags(program) & UInt32(ISIG) != 0, "Ctrl-C is a signal as before")
        #expect(TerminalKeys.pressed(program).isEmpty, "it does not wait")
        #expect(write(typist, "p+", 2) == 2)
        var keys: [UInt8] = []
        for _ in 0..<1_000_000 where keys.count < 2 { keys += TerminalKeys.pressed(program) }
        #expect(keys == Array("p+".utf8))
        TerminalKeys.giveBack(program)
        #expect(try flags(program) == before)
        TerminalKeys.giveBack(program)
    }

    @Test func `What is no terminal has no keys`() throws {
        let file = open("/dev/null", O_RDWR)
        defer { close(file) }
        #expect(!TerminalKeys.take(file))
    }
}
