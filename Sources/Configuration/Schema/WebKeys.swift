/// Keys of web transports and their services.
extension Keys {
    package enum Web {
        package static let paths = Key<Tree>(
            required: "paths", .map(.pathName, Schema.webServices),
            "Services by the first component of the path; `/` is for all others, and without it they are answered with 404."
        )
        package static let options = Key<Tree?>("options", .section("webOptions"), "Options of the web server.")
        package static let logsAccess = Key<Bool>(
            "access_log", initial: false, "Writes a line to standard error for each answer.")
        package static let strictTransportSecurity = Key<Bool>(
            "hsts", initial: false, "Sends Strict-Transport-Security, where the endpoint has TLS.")
        package static let strictTransportSecurityAge = Key<Int>(
            "hsts_max_age", .integer(0...2_147_483_647), initial: 31_536_000, "Its age in seconds.")
        package static let clientTimeout = Key<Seconds>(
            "client_timeout", .integer(1...86400), initial: 60,
            "Seconds from an answer to the next request, behind which the connection ends.")
    }

    package enum WebService {
        package static let kind = Key<WebServiceKind>(kind: "Kind of the service.")
        package static let allowsCrossOrigin = Key<Bool>(
            "allow_cross_origin", initial: true, "Pages of other origins may read it.")
    }

    package enum Files {
        package static let directory = Key<String>(
            required: "directory", .text(.any),
            "The folder, from the folder of the file. Names that begin with a dot are not served, but `.well-known`, and no link that leads out."
        )
        package static let options = Key<Tree?>("options", .section("webStaticOptions"), "Options of the service.")
        package static let listsFolders = Key<Bool>(
            "enable_directory_listing", initial: false, "Folders without an `index.html` are listed.")
        package static let mediaTypes = Key<Tree>(
            map: "mime_types", .fileExtension, .text(.mediaType),
            "Media types by the end of the name, beside those that are known.")
        package static let cacheTimeout = Key<Int>(
            "cache_timeout", .integer(0...315_360_000), initial: 43_200,
            "Seconds that clients may keep a file without asking; 0: they ask always.")
        package static let fallback = Key<String?>(
            "default_file", .text(.any), "File of the folder that is served where there is nothing at a path.")
    }

    package enum JSONService {
        package static let value = Key<Tree>(required: "value", .anything, "The value.")
        package static let options = Key<Tree?>("options", .section("webJSONOptions"), "Options of the service.")
        package static let isPretty = Key<Bool>("prettify", initial: false, "Writes it for people, in lines.")
        package static let discouragesCaching = Key<Bool>(
            "discourage_caching", initial: false, "Clients shall not keep it.")
    }

    package enum Redirect {
        package static let url = Key<String>(required: "url", .text(.location), "Where to.")
    }
}

extension Schema {
    private static let pythonOnly = Support.none("Python only")

    /// What may stand at a path.
    static let webServices = Shape.variants([
        (WebServiceKind.webSocket.rawValue, "webSocketService", .full),
        (WebServiceKind.files.rawValue, "webStatic", .full), (WebServiceKind.json.rawValue, "webJSON", .full),
        (WebServiceKind.nodeInfo.rawValue, "webNodeInfo", .full),
        (WebServiceKind.redirect.rawValue, "webRedirect", .full),
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
            listeningKeys(.web) + [Keys.Web.paths, Keys.Web.options]),
        Section(
            "webPart", "Web part of a universal transport", "",
            [Row("type", .choices("web"), "Kind of the part."), Keys.Web.paths, Keys.Web.options]),
        Section(
            "webOptions", "Options of a web transport", "",
            [
                Keys.Web.logsAccess,
                Row(
                    "display_tracebacks", .boolean, initial: false, .hint("nothing runs Python"),
                    "Errors are shown to clients."),
                Keys.Web.strictTransportSecurity, Keys.Web.strictTransportSecurityAge, Keys.Web.clientTimeout,
            ]),
        webSocketService("webSocketService", "WebSocket service of a web transport", isTyped: true),
        Section(
            "webStatic", "Web service: static", "Files of a folder.",
            [
                Keys.WebService.kind.row(.files), Keys.Files.directory,
                Row("package", .text(.any), pythonOnly, "Python package to serve files of."),
                Row("resource", .text(.any), pythonOnly, "Name in that package."), Keys.Files.options,
            ]),
        Section(
            "webStaticOptions", "Options of static", "",
            [
                Keys.Files.listsFolders, Keys.Files.mediaTypes, Keys.Files.cacheTimeout,
                Keys.WebService.allowsCrossOrigin, Keys.Files.fallback,
            ]),
        Section(
            "webJSON", "Web service: json", "A value of the configuration.",
            [Keys.WebService.kind.row(.json), Keys.JSONService.value, Keys.JSONService.options]),
        Section(
            "webJSONOptions", "Options of json", "",
            [
                Keys.JSONService.isPretty, Keys.WebService.allowsCrossOrigin, Keys.JSONService.discouragesCaching,
            ]),
        Section(
            "webNodeInfo", "Web service: nodeinfo",
            "A page with the version and age of the router: not for everybody's eyes.",
            [Keys.WebService.kind.row(.nodeInfo)]),
        Section(
            "webRedirect", "Web service: redirect", "Another place, for requests of WebSocket as well (302).",
            [Keys.WebService.kind.row(.redirect), Keys.Redirect.url]),
    ]
}
