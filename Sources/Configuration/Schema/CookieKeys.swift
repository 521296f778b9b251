/// Keys of `cookie`.
extension Keys {
    package enum Cookie {
        package static let name = Key<String>(
            "name", .text(.cookieName), initial: "cbtid", "Name of the cookie.")
        package static let length = Key<Int>("length", .integer(6...64), initial: 24, "Characters of its value.")
        package static let maxAge = Key<Seconds>(
            "max_age", .integer(1...311_040_000), initial: 604_800, "Seconds that it lives.")
        package static let store = Key<Tree>(
            required: "store",
            .variants([
                (CookieStoreKind.memory.rawValue, "cookieMemory", .full),
                (CookieStoreKind.file.rawValue, "cookieFile", .full), ("database", "", .none("use file")),
            ]), "Where cookies are kept.")
        package static let isForTLSOnly = Key<Bool>("secure", initial: false, "Sent over TLS only.")
        package static let isHiddenFromScripts = Key<Bool>("http_strict", initial: true, "Hidden from scripts.")
        package static let sameSite = Key<SameSiteChoice>(
            "same_site", initial: .lax, "Whether other sites' requests carry it.")
    }

    package enum CookieStore {
        package static let kind = Key<CookieStoreKind>(kind: "Kind of the store.")
        package static let fileName = Key<String>(
            required: "filename", .text(.any),
            "Path of the file, from the folder of the configuration. No two transports may share it.")
        package static let purgesOnStartup = Key<Bool>(
            "purge_on_startup", initial: false,
            "Writes the file anew at the start, without cookies that are older than `max_age`.")
    }
}

extension Schema {
    static let cookieSections: [Section] = [
        Section(
            "cookie", "Cookie tracking", "",
            [
                Keys.Cookie.name, Keys.Cookie.length, Keys.Cookie.maxAge, Keys.Cookie.store, Keys.Cookie.isForTLSOnly,
                Keys.Cookie.isHiddenFromScripts, Keys.Cookie.sameSite,
            ]),
        Section("cookieMemory", "Cookie store: memory", "", [Keys.CookieStore.kind.row(.memory)]),
        Section(
            "cookieFile", "Cookie store: file", "",
            [Keys.CookieStore.kind.row(.file), Keys.CookieStore.fileName, Keys.CookieStore.purgesOnStartup]),
    ]
}
