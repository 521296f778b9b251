package import RennbahnConfiguration
package import RennbahnTransport
import RennbahnWebSocket

extension WebSocketOptions {
    /// The `options` of a checked transport; without them, what Crossbar.io has.
    package init(configured options: Tree?, _ version: String) {
        self.init()
        versions = []
        if options[Keys.Options.speaksHybi10] { versions.insert(.hybi10) }
        if options[Keys.Options.speaksRFC6455] { versions.insert(.rfc6455) }
        origins = OriginPolicy(
            patterns: options[Keys.Options.allowedOrigins], allowsNull: options[Keys.Options.allowsNullOrigin])
        externalPort = options[Keys.Options.externalPort].map { UInt16(clamping: $0) }
        showsStatusPage = options[Keys.Options.showsStatusPage]
        serverName = options[Keys.Options.showsVersion] ? "Rennbahn/\(version)" : "Rennbahn"
        validatesUTF8 = options[Keys.Options.validatesUTF8]
        masksServerFrames = options[Keys.Options.masksServerFrames]
        requiresMaskedClientFrames = options[Keys.Options.requiresMaskedClientFrames]
        appliesMask = options[Keys.Options.appliesMask]
        maxFrameSize = options[Keys.Options.maxFrameSize].most
        fragmentSize = options[Keys.Options.fragmentSize]
        failsByDrop = options[Keys.Options.failsByDrop]
        closeAnswer = options[Keys.Options.echoesCloseReason] ? .codeAndReason : .normalClosure
        noDelay = options[Keys.Options.noDelay]
        autoPing = AutoPing(configured: options)
    }
}

extension WebSocketOptions.AutoPing {
    /// `nil`: there are no pings.
    fileprivate init?(configured options: Tree?) {
        let interval = options[Keys.Options.autoPingInterval].nanoseconds
        guard interval > 0 else { return nil }
        self.init(
            interval: interval, timeout: options[Keys.Options.autoPingTimeout].nanoseconds,
            size: options[Keys.Options.autoPingSize],
            restartsOnTraffic: options[Keys.Options.autoPingRestartsOnTraffic])
    }
}
