/// The terms of a page.
enum Glossary {
    private static let terms: KeyValuePairs<String, String> = [
        "valid":
            "Neither machine nor generator stood in the way, and every message was checked. It says not that they are good.",
        "message":
            "A unit of work that was completed: an event delivered, a call answered, a session opened, an echo.",
        "response":
            "From the time at which a message was due until it was received: what a user sees, with all the time that it waited.",
        "service":
            "From the hand-over to the socket to receipt: without the time that a message waited in the generator.",
        "lag": "From the time at which a message was due until it was handed to the socket: the generator's own delay.",
        "last subscriber": "From the time at which an event was due until the last of its subscribers had it.",
        "p99":
            "99 of 100 samples took no longer. Percentiles are of one histogram of all samples.",
        "closed, open":
            "Closed: the next message is sent when one is completed. Open: messages are due at a rate, whatever the router does.",
        "interval":
            "Of 95 %: of twenty such intervals nineteen hold the true value. A ratio whose interval holds 1 shows no difference.",
        "to the floor": "CPU time of the router per message, over that of a bare WebSocket echo of the same size.",
        "saturated":
            "A side had its processors busy. Where only the generator was, the rate is a lower bound on the router's (≥).",
        "measuring":
            "The window that figures are of. Warm-up before it and draining after it count for verification only.",
    ]

    static func add(to html: inout HTML) {
        html.element("section", ["id": "glossary"]) { section in
            section.element("h3", "Terms")
            section.element("dl") { list in
                for (term, meaning) in terms {
                    list.element("dt", term)
                    list.element("dd", meaning)
                }
            }
        }
        html.newLine()
    }
}
