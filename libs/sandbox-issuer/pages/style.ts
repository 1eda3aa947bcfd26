import { designTokens } from '#libs/design/index.js';

/** The only style sheet of the issuer's pages. */
export const style = `
${designTokens}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--surface); color: var(--text);
  font: 1rem/1.5 var(--font); overflow-wrap: break-word;
}
header, main { max-width: 64rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: flex; justify-content: space-between; align-items: center; gap: 1rem; min-height: 3.5rem; }
.banner { font-weight: 600; }
main { border-top: 1px solid var(--border); padding-top: 1.5rem; padding-bottom: 4rem; }
h1 { margin: 0 0 0.75rem; font-size: 1.75rem; line-height: 1.25; font-weight: 650; }
h2 { margin: 2rem 0 0.75rem; font-size: 1.25rem; line-height: 1.3; font-weight: 650; }
p { margin: 0 0 1rem; }
a { color: var(--accent); text-underline-offset: 0.15em; }
header a { display: inline-flex; align-items: center; min-height: 44px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.people { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); gap: 0.75rem; margin: 0; padding: 0; list-style: none; }
.people li { position: relative; padding: 0.75rem 1rem 0.85rem; background: var(--surface-sunken); border: 1px solid var(--border); border-radius: 6px; }
.people li:hover { border-color: var(--accent); }
.people button {
  min-height: 32px; padding: 0; color: var(--accent); background: none; border: 0; font: inherit; font-size: 1.0625rem; font-weight: 650;
  text-align: start; cursor: pointer;
}
.people button::after { content: ''; position: absolute; inset: 0; border-radius: 6px; }
.people button:focus-visible { outline: none; }
.people button:focus-visible::after { outline: 3px solid var(--accent); outline-offset: 2px; }
.company, .try { color: var(--text-muted); font-size: 0.9375rem; }
.what { margin: 0 0 0.25rem; }
.try { margin: 0; }
.actions { margin: 1.5rem 0; }
.actions button {
  min-height: 44px; padding: 0.5rem 1.5rem; color: var(--accent); background: transparent; border: 2px solid var(--accent);
  border-radius: 4px; font: inherit; font-weight: 600; cursor: pointer;
}
`;
