/// How a page looks, on a screen and on paper.
enum PageStyle {
    static let sheet: StaticString = """

        :root { --back: #fff; --ink: #1d2433; --quiet: #5d6678; --line: #d9dee8; --band: #eef1f6;
          --good: #1a7f45; --bad: #c62f2f; --open: #8f6200;
          --better: #e3f4e9; --better-far: #b9e3c8; --worse: #fdeaea; --worse-far: #f8c9c9;
          --k0: #1f5fbf; --k1: #b3541e; --k2: #1a7f45; --k3: #7a3fb0; }
        @media (prefers-color-scheme: dark) {
          :root { --back: #14181f; --ink: #e6eaf2; --quiet: #98a2b5; --line: #333b49; --band: #222936;
            --good: #57c785; --bad: #ff7b72; --open: #e3b341;
            --better: #1b2f25; --better-far: #1f5135; --worse: #382123; --worse-far: #6a2a2e;
            --k0: #6ea8fe; --k1: #ffa657; --k2: #57c785; --k3: #c99bff; } }
        body { margin: 1.5rem auto; max-width: 64rem; padding: 0 1rem; background: var(--back); color: var(--ink);
          font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
        h1 { margin: 0; font-size: 1.6rem; }
        h2 { margin: 0; font-size: 1.5rem; }
        h3 { font-size: 1.1rem; margin: 1.8rem 0 .4rem; }
        header { border-left: .5rem solid var(--line); padding-left: 1rem; margin-top: 2rem; }
        header p { margin: .2rem 0; }
        .good { color: var(--good); } .bad { color: var(--bad); } .open { color: var(--open); }
        .better { background: var(--better); } .better.far { background: var(--better-far); }
        .worse { background: var(--worse); } .worse.far { background: var(--worse-far); }
        .same { color: var(--quiet); }
        .facts { color: var(--quiet); font-size: .85rem; margin: .3rem 0; }
        .wide { overflow-x: auto; max-width: 100%; }
        table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
        th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top;
          min-width: 3rem; max-width: 28rem; overflow-wrap: break-word; }
        thead th { color: var(--quiet); } tbody th { font-weight: 600; }
        figure { margin: 1rem 0; break-inside: avoid; }
        figcaption { font-weight: 600; font-size: .9rem; }
        svg { display: block; width: 100%; min-width: 27rem; max-width: 56rem; height: auto; font-size: 12px; }
        svg text { fill: var(--quiet); } svg .tick { text-anchor: end; } svg .under { text-anchor: middle; }
        svg .grid { stroke: var(--line); } svg .band { fill: var(--band); } svg .gap { fill: none; }
        svg .line { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
        svg .line.k0 { stroke: var(--k0); } svg .line.k1 { stroke: var(--k1); stroke-dasharray: 7 3; }
        svg .line.k2 { stroke: var(--k2); stroke-dasharray: 2 3; }
        svg .line.k3 { stroke: var(--k3); stroke-dasharray: 9 3 2 3; }
        svg .dot.k0 { fill: var(--k0); } svg .dot.k1 { fill: var(--k1); }
        svg .dot.k2 { fill: var(--k2); } svg .dot.k3 { fill: var(--k3); }
        .key { font-size: .85rem; margin: .2rem 0; } .key span { margin-right: 1.2rem; }
        .key .k0 { color: var(--k0); } .key .k1 { color: var(--k1); }
        .key .k2 { color: var(--k2); } .key .k3 { color: var(--k3); }
        dt { font-weight: 600; } dd { margin: 0 0 .5rem 1rem; }
        @media print {
          :root { --back: #fff; --ink: #000; --quiet: #444; --line: #bbb; --band: #eee; }
          body { max-width: none; font-size: 11px; margin: 0; }
          .wide { overflow: visible; } svg { min-width: 0; max-width: 100%; }
          section { break-before: page; } section:first-of-type { break-before: auto; }
          tr, header { break-inside: avoid; } h3 { break-after: avoid; } }

        """
}
