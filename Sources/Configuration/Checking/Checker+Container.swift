extension Checker {
    /// The URL says whether TLS is meant, the endpoint how: one without the other would be a surprise.
    mutating func secureURL(_ tree: Tree, _ path: String) {
        guard let url = tree["url"], let text = url.text, let endpoint = tree["endpoint"] else { return }
        switch (text.hasPrefix("wss:"), endpoint["tls"]) {
        case (true, nil):
            add(
                .invalid, Checker.join(path, "url"), url.place,
                "found \(url.quoted) without endpoint.tls; wss:// needs it")
        case (false, let tls?):
            add(
                .invalid, Checker.join(path, "endpoint.tls"), tls.place,
                "found it beside the URL \(url.quoted); expected a URL wss://…")
        case (true, .some), (false, nil): break
        }
    }

    /// Each component has keys of its own.
    mutating func componentExtra(_ tree: Tree, _ path: String) {
        guard let name = tree["classname"]?.text, let keys = Schema.extra(of: name) else { return }
        guard let extra = tree["extra"] else { return }
        section(extra, keys, path: Checker.join(path, "extra"))
    }
}
