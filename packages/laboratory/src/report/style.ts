/** The look of a report. Colours follow the reader's setting for light and dark; the eight of the series are told apart also by those who see few colours. */
export const STYLE = `
:root{color-scheme:light dark;--ground:#fff;--ink:#1c1917;--soft:#57534e;--line:#e7e5e4;--strong:#a8a29e;--paper:#fafaf9;
--c0:#0072b2;--c1:#d55e00;--c2:#00876c;--c3:#b5438f;--c4:#8a6d00;--c5:#2b9fd9;--c6:#6b4fa0;--c7:#57534e}
@media (prefers-color-scheme:dark){:root{--ground:#171412;--ink:#f5f5f4;--soft:#b6afa9;--line:#35302c;--strong:#6f6862;--paper:#1f1b18;
--c0:#56b4e9;--c1:#ff9147;--c2:#2ecfa4;--c3:#e58ac8;--c4:#f0d04a;--c5:#8fd0ff;--c6:#b9a2ea;--c7:#b6afa9}}
*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:60rem;background:var(--ground);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .5rem}
h2{font-size:1.15rem;margin:2.5rem 0 .75rem}
.lead{font-size:1.05rem;margin:0 0 1rem}
code{font:.85em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.how{color:var(--soft);background:var(--paper);border:1px solid var(--line);border-radius:.4rem;padding:.5rem .75rem;display:block}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;min-width:50%}
th,td{padding:.35rem .75rem;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:600;border-bottom-color:var(--strong)}
.n{text-align:right}
td.n,td.s{white-space:nowrap}
figure{margin:0}
figcaption{color:var(--soft);font-size:.9rem;margin:.25rem 0 .5rem}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;margin:0 0 .5rem;padding:0;font-size:.85rem}
.legend li::before{content:"";display:inline-block;width:.8em;height:.8em;border-radius:.15em;margin-right:.4em;vertical-align:-.05em;background:var(--c)}
svg{width:100%;height:auto;display:block}
svg text{fill:var(--soft);font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
svg .axis,svg .value{fill:var(--ink)}
.grid{stroke:var(--line)}.tick,.zero{stroke:var(--strong)}
.line{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round}
.dashed,.diagonal{stroke-dasharray:6 5}
.diagonal{stroke:var(--soft);stroke-width:1.5}
.bar,.area,.dot{fill:var(--c)}
.area,.dot{fill-opacity:.8}
.whisker{stroke:var(--ink);stroke-width:1.5}
.reach{stroke:var(--c);stroke-width:1.5;stroke-opacity:.7}
.c0{--c:var(--c0)}.c1{--c:var(--c1)}.c2{--c:var(--c2)}.c3{--c:var(--c3)}.c4{--c:var(--c4)}.c5{--c:var(--c5)}.c6{--c:var(--c6)}.c7{--c:var(--c7)}
.notes{color:var(--soft);padding-left:1.2rem}
footer{margin-top:3rem;color:var(--soft);font-size:.85rem}
@media print{body{max-width:none;padding:0}figure,table{break-inside:avoid}}
`.trim();
