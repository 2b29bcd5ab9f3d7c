/** The one script: keeps the list of nearby screens fresh, unless somebody is about to press a button in it. */
export const appScript = `'use strict';
const nearby = document.getElementById('nearby');
async function refresh() {
  if (document.hidden || nearby.contains(document.activeElement)) return;
  try {
    const response = await fetch('/nearby');
    const text = await response.text();
    if (response.ok && text !== nearby.dataset.shown) {
      nearby.innerHTML = text;
      nearby.dataset.shown = text;
    }
  } catch { /* The simulator is gone; the next round tries again. */ }
}
if (nearby) setInterval(refresh, 1500);
`;

export const styleSheet = `
:root { color-scheme: light dark; --ink: #17212b; --quiet: #5b6874; --ground: #eef2f5; --card: #fff; --line: #d5dde4;
  --accent: #1f5c7a; --on-accent: #fff; --good: #2c7a4b; --focus: #e39b1f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eef3; --quiet: #9fb0be; --ground: #10171d; --card: #19232b;
  --line: #32414d; --accent: #7fbfdd; --on-accent: #0d2230; --good: #77cf98; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; justify-content: space-between;
  max-width: 34rem; margin: 0 auto; padding: 1rem; }
.brand { display: inline-flex; align-items: center; gap: .6rem; color: inherit; font-weight: 600; text-decoration: none; }
.mark { display: grid; place-items: center; width: 2rem; height: 2rem; border-radius: .6rem; background: var(--accent);
  color: var(--on-accent); }
.note { color: var(--quiet); font-size: .85rem; }
main { max-width: 34rem; margin: 0 auto; padding: 0 1rem 3rem; }
a { color: var(--accent); }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; }
h2 { font-size: 1.1rem; margin: 0 0 .25rem; }
.lead { margin-top: 0; color: var(--quiet); }
.quiet { color: var(--quiet); font-size: .9rem; margin: 0 0 .75rem; overflow-wrap: anywhere; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: 1.25rem; margin: 1rem 0; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; max-height: 22rem; overflow-y: auto; margin: 1rem 0; padding: 1rem;
  border: 1px solid var(--line); border-radius: .75rem; background: var(--ground); }
label { display: block; margin: .5rem 0 .25rem; }
input:not([type=radio]), textarea { width: 100%; padding: .65rem .75rem; font: inherit; color: inherit;
  background: var(--ground); border: 1px solid var(--line); border-radius: .6rem; }
textarea { font-family: ui-monospace, monospace; font-size: .9rem; resize: vertical; }
fieldset { border: 0; margin: 0 0 1rem; padding: 0; }
legend { padding: 0; font-weight: 600; }
.choice { display: flex; gap: .75rem; align-items: center; margin: 0; padding: .7rem 0; border-bottom: 1px solid var(--line); }
.choice .quiet { margin: 0 0 0 .4rem; }
.choice input { width: 1.25rem; height: 1.25rem; accent-color: var(--accent); }
details { margin-top: .75rem; }
summary { cursor: pointer; padding: .4rem 0; }
.button { display: inline-block; margin-top: .75rem; padding: .75rem 1.25rem; min-height: 2.75rem; border: 1px solid var(--accent);
  border-radius: .75rem; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; text-align: center;
  text-decoration: none; cursor: pointer; }
.button.secondary { background: transparent; color: var(--accent); }
.button.small { margin: 0; padding: .5rem 1rem; }
.button.wide { display: block; width: 100%; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.orders { list-style: none; margin: 0; padding: 0; }
.orders li { display: flex; gap: 1rem; align-items: center; justify-content: space-between; padding: .75rem 0;
  border-top: 1px solid var(--line); }
.orders .quiet { display: block; margin: 0; }
.empty { color: var(--quiet); margin: .5rem 0 0; }
.result { display: grid; place-items: center; width: 3.5rem; height: 3.5rem; margin: 0 0 1rem; border-radius: 50%;
  background: var(--line); font-size: 1.75rem; }
.result.good { background: var(--good); color: var(--card); }
`;
