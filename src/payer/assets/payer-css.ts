/** Paper, ink and one red. System fonts only: nothing is fetched from anywhere else. */
export const payerCss = `:root {
  color-scheme: light dark;
  --paper: #f6f1e8; --card: #fffdf9; --ink: #221d19; --soft: #63594f; --line: #e2d8c9;
  --red: #97201f; --red-press: #7c1718; --on-red: #fff8f3; --red-ink: #8c1c1c;
  --warn: #fbeed3; --warn-line: #b97a10; --focus: #1f5fbf;
  --serif: ui-serif, "Iowan Old Style", Georgia, "Times New Roman", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #151210; --card: #201c19; --ink: #f3ece2; --soft: #b6aa9c; --line: #3a332d;
    --red: #b3302e; --red-press: #962422; --on-red: #fff6f1; --red-ink: #f0938a;
    --warn: #332813; --warn-line: #d79a34; --focus: #8db8ff;
  }
}
* { box-sizing: border-box; }
html { font: 100%/1.5 var(--sans); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; min-height: 100vh; background: var(--paper); color: var(--ink); }
h1, h2, p, dl, dd, ol { margin: 0; }
a { color: var(--red-ink); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; border-radius: 6px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--card); z-index: 1; }
.test-banner { padding: .4rem 1rem; text-align: center; font-size: .875rem; font-weight: 600; background: var(--warn); border-bottom: 1px solid var(--warn-line); }
.top, .card, .foot { width: 100%; max-width: 33rem; margin: 0 auto; }
.top { display: flex; align-items: center; justify-content: space-between; padding: .9rem 1.25rem; }
.brand { display: flex; align-items: center; gap: .6rem; font: 600 1.3rem/1 var(--serif); letter-spacing: .01em; }
.language { font-size: .9rem; padding: .6rem 0; }
.card { padding: 1.4rem 1.25rem 1.6rem; background: var(--card); border-block: 1px solid var(--line); }
.card > * + * { margin-top: 1.15rem; }
h1 { font: 600 1.6rem/1.2 var(--serif); text-wrap: balance; }
h2 { font-size: 1.05rem; line-height: 1.3; }
.lead { font-size: 1.05rem; }
.card > h1 + .lead { margin-top: .5rem; }
.fine { font-size: .9rem; color: var(--soft); }
.letter, .glance { display: grid; gap: .6rem; }
.letter > div { display: grid; grid-template-columns: minmax(7.5rem, 36%) 1fr; gap: .75rem; padding-top: .6rem; border-top: 1px solid var(--line); }
dt { color: var(--soft); font-size: .9rem; }
dd { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.letter > .amount, .letter > .payee { display: block; padding-top: 0; border: 0; }
.letter > .amount { padding: 1.1rem 0 0; border-top: 2px solid var(--red); }
.amount dd { font: 600 clamp(2rem, 10.5vw, 2.9rem)/1.15 var(--serif); font-variant-numeric: lining-nums tabular-nums; letter-spacing: -.015em; }
.payee dd { font: 600 1.45rem/1.25 var(--serif); }
.letter > .payee { padding-bottom: .5rem; }
.glance { grid-template-columns: 1fr; gap: .35rem; padding: .9rem 1rem; background: var(--paper); border-radius: 10px; border-left: 4px solid var(--red); }
.glance > div { display: flex; gap: .5rem; align-items: baseline; }
.glance dt { flex: 0 0 6.2rem; }
.glance dd { min-width: 0; }
@media (max-width: 22rem) { .glance > div { display: block; } }
.glance .amount dd { font-size: clamp(1.15rem, 6.2vw, 1.5rem); }
.glance .payee dd { font-size: 1.1rem; }
.warning { padding: .9rem 1rem; background: var(--warn); border-left: 4px solid var(--warn-line); border-radius: 10px; font-size: .95rem; }
.warning p { margin-top: .3rem; }
.choice > * + * { margin-top: .7rem; }
.actions { display: grid; gap: .7rem; }
form { margin: 0; }
button, .button { display: block; width: 100%; min-height: 3.25rem; padding: .8rem 1rem; font: 600 1.08rem/1.3 var(--sans); text-align: center; text-decoration: none; border-radius: 12px; border: 2px solid transparent; cursor: pointer; touch-action: manipulation; }
.primary { background: var(--red); color: var(--on-red); }
.primary:hover { background: var(--red-press); }
.secondary { background: transparent; color: var(--ink); border-color: var(--soft); }
.secondary:hover { border-color: var(--ink); }
.quiet { background: transparent; color: var(--red-ink); text-decoration: underline; text-underline-offset: .2em; }
button[disabled] { opacity: .6; cursor: progress; }
.decline { border-top: 1px solid var(--line); padding-top: .6rem; }
.decline summary { padding: .6rem 0; color: var(--red-ink); cursor: pointer; }
.decline p { margin: .2rem 0 .4rem; }
.status { min-height: 3em; padding: .2rem 0; font-size: 1.08rem; font-weight: 600; }
.qr-frame { width: max-content; max-width: 100%; margin-inline: auto; padding: 14px; background: #fff; border: 1px solid var(--line); border-radius: 14px; }
.qr { display: block; width: min(264px, 70vw); height: auto; aspect-ratio: 1; image-rendering: pixelated; }
.qr-frame + .status { text-align: center; }
.steps { padding-left: 1.4rem; }
.steps li + li { margin-top: .35rem; }
.steps li::marker { color: var(--red-ink); font-weight: 700; }
.seal-waits { width: 3.2rem; height: 3.2rem; margin-inline: auto; border: 4px solid var(--line); border-top-color: var(--red); border-radius: 50%; animation: turn 1.2s linear infinite; }
.seal-waits + .status { text-align: center; min-height: 0; }
.sealed { width: 4.4rem; height: 4.4rem; background: url("seal.svg") center/contain no-repeat; animation: press .5s cubic-bezier(.2, 1.6, .4, 1) both; }
@keyframes turn { to { transform: rotate(1turn); } }
@keyframes press { from { transform: scale(1.5); opacity: 0; } }
@media (prefers-reduced-motion: reduce) { .seal-waits { animation-duration: 6s; } .sealed { animation: none; } }
code { font: .95em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.foot { padding: 1.1rem 1.25rem 2rem; font-size: .85rem; color: var(--soft); }
@media (min-width: 36rem) {
  .top { padding-top: 2.2rem; padding-inline: 0; }
  .card { padding: 2.2rem 2.4rem 2.3rem; border: 1px solid var(--line); border-radius: 18px; box-shadow: 0 1px 2px rgb(60 40 20 / 6%), 0 14px 40px rgb(60 40 20 / 8%); }
  .foot { padding-inline: 0; }
}
@media (prefers-color-scheme: dark) and (min-width: 36rem) { .card { box-shadow: none; } }
`;
