extension Schema {
    private static let pythonOnly = Support.none("Python only")

    private static func type(_ name: String) -> Key {
        Key("type", .choices(name), required: true, "Kind of the service.")
    }

    private static let crossOrigin = Key(
        "allow_cross_origin", .boolean, initial: "true", "Pages of other origins may read it.")

    private static let paths = Key(
        "paths", .map(.pathName, webServices), required: true,
        "Services by the first component of the path; `/` is for all others, and without it they are answered with 404."
    )
    private static let webOptions = Key("options", .section("webOptions"), "Options of the web server.")

    /// What may stand at a path.
    private static let webServices = Shape.variants([
        ("websocket", "webSocketService", .full), ("static", "webStatic", .full), ("json", "webJSON", .full),
        ("nodeinfo", "webNodeInfo", .full), ("redirect", "webRedirect", .full),
        ("path", "", .notYet), ("websocket-reverseproxy", "", .notYet), ("reverseproxy", "", .notYet),
        ("longpoll", "", .notYet), ("caller", "", .notYet), ("publisher", "", .notYet), ("webhook", "", .notYet),
        ("upload", "", .notYet), ("archive", "", .notYet), ("catalog", "", .notYet),
        ("cgi", "", .none("other programs are not started from here")), ("wsgi", "", pythonOnly),
        ("wap", "", pythonOnly), ("resource", "", pythonOnly),
    ])

    static let webSections: [Section] = [
        Section(
            "web", "Web transport",
            "Pages and WebSocket on one port. Requests other than WebSocket's are GET and HEAD.",
            listeningKeys("web") + [paths, webOptions]),
        Section(
            "webPart", "Web part of a universal transport", "",
            [Key("type", .choices("web"), "Kind of the part."), paths, webOptions]),
        Section(
            "webOptions", "Options of a web transport", "",
            [
                Key("access_log", .boolean, initial: "false", "Writes a line to standard error for each answer."),
                Key(
                    "display_tracebacks", .boolean, initial: "false", .hint("nothing runs Python"),
                    "Errors are shown to clients."),
                Key(
                    "hsts", .boolean, initial: "false",
                    "Sends Strict-Transport-Security, where the endpoint has TLS."),
                Key("hsts_max_age", .integer(0...2_147_483_647), initial: "31536000", "Its age in seconds."),
                Key(
                    "client_timeout", .integer(1...86400), initial: "60",
                    "Seconds from an answer to the next request, behind which the connection ends."),
            ]),
        webSocketService("webSocketService", "WebSocket service of a web transport", isTyped: true),
        Section(
            "webStatic", "Web service: static", "Files of a folder.",
            [
                type("static"),
                Key(
                    "directory", .text(.any), required: true,
                    "The folder, from the folder of the file. Names that begin with a dot are not served, but `.well-known`, and no link that leads out."
                ),
                Key("package", .text(.any), pythonOnly, "Python package to serve files of."),
                Key("resource", .text(.any), pythonOnly, "Name in that package."),
                Key("options", .section("webStaticOptions"), "Options of the service."),
            ]),
        Section(
            "webStaticOptions", "Options of static", "",
            [
                Key(
                    "enable_directory_listing", .boolean, initial: "false",
                    "Folders without an `index.html` are listed."),
                Key(
                    "mime_types", .map(.fileExtension, .text(.mediaType)), initial: "{}",
                    "Media types by the end of the name, beside those that are known."),
                Key(
                    "cache_timeout", .integer(0...315_360_000), initial: "43200",
                    "Seconds that clients may keep a file without asking; 0: they ask always."),
                crossOrigin,
                Key(
                    "default_file", .text(.any), "File of the folder that is served where there is nothing at a path."),
            ]),
        Section(
            "webJSON", "Web service: json", "A value of the configuration.",
            [
                type("json"),
                Key("value", .anything, required: true, "The value."),
                Key("options", .section("webJSONOptions"), "Options of the service."),
            ]),
        Section(
            "webJSONOptions", "Options of json", "",
            [
                Key("prettify", .boolean, initial: "false", "Writes it for people, in lines."),
                crossOrigin,
                Key("discourage_caching", .boolean, initial: "false", "Clients shall not keep it."),
            ]),
        Section(
            "webNodeInfo", "Web service: nodeinfo",
            "A page with the version and age of the router: not for everybody's eyes.", [type("nodeinfo")]),
        Section(
            "webRedirect", "Web service: redirect", "Another place, for requests of WebSocket as well (302).",
            [type("redirect"), Key("url", .text(.location), required: true, "Where to.")]),
    ]
}
