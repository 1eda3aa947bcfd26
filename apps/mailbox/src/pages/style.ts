import { designTokens } from '#libs/design/index.js';

/** The only style sheet. Two panes that scroll by themselves on a wide screen; on a narrow one the list and the mail are separate pages. */
export const style = `${designTokens}
*, *::before, *::after { box-sizing: border-box; }
html { font: 100% / var(--line) var(--font); background: var(--surface); color: var(--text); -webkit-text-size-adjust: 100%; }
body { margin: 0; font-size: var(--text-body); overflow-wrap: anywhere; }
h1, h2, h3, p, ol, ul, dl, dd, pre { margin: 0; padding: 0; }
h1, h2, h3 { line-height: 1.25; font-weight: 600; }
ol, ul { list-style: none; }
a { color: var(--link); text-underline-offset: 0.15em; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.quiet { color: var(--text-muted); font-size: var(--text-small); }
.skip { position: absolute; left: var(--space-4); top: -4rem; z-index: 1; padding: var(--space-2) var(--space-3); background: var(--surface-raised); }
.skip:focus { top: var(--space-2); }

.banner {
  display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-2) var(--space-5);
  padding: var(--space-2) var(--space-4); border-bottom: 1px solid var(--border);
}
.brand { display: flex; align-items: center; gap: var(--space-3); }
.brand span { display: flex; }
.brand svg { width: 1.75rem; height: 1.75rem; }
.brand p { font-weight: 600; }
h1 { font-size: var(--text-body); }
.brand h1::before { content: '/'; margin-right: var(--space-3); color: var(--text-muted); font-weight: 400; }
.banner nav { display: flex; gap: var(--space-4); }
.banner nav a { display: inline-flex; align-items: center; min-height: 2rem; }
.clock { flex: 1 1 20rem; text-align: right; font-size: var(--text-small); font-variant-numeric: tabular-nums; }
.clock strong { font-weight: 600; }
.clock .moved { display: inline-block; padding: 0 var(--space-2); border: 1px solid var(--warning-border); border-radius: var(--radius); background: var(--warning-surface); color: var(--warning); }

.mails { display: flex; flex-direction: column; min-width: 0; background: var(--surface-sunken); }
.search { display: grid; grid-template-columns: 1fr auto; gap: var(--space-2); padding: var(--space-3) var(--space-4); border-bottom: 1px solid var(--border); }
.search label { display: block; color: var(--text-muted); font-size: var(--text-small); }
.search .field { grid-column: 1 / -1; min-width: 0; }
.search .field.beside { grid-column: auto; }
.search .actions { display: flex; align-items: end; gap: var(--space-2); }
input, select {
  width: 100%; min-height: 2.25rem; padding: 0.3rem 0.6rem; border: 1px solid var(--border-strong); border-radius: var(--radius);
  background: var(--surface-raised); color: inherit; font: inherit; text-overflow: ellipsis;
}
.button {
  display: inline-flex; align-items: center; justify-content: center; gap: var(--space-2); min-height: 2.25rem; max-width: 100%;
  padding: 0.3rem 0.85rem; border: 1px solid var(--border-strong); border-radius: var(--radius); background: var(--surface-raised);
  color: var(--text); font: inherit; font-weight: 500; text-decoration: none; cursor: pointer;
}
.button:hover { background: var(--surface-hover); }
.button.primary { border-color: var(--accent); background: var(--accent); color: var(--text-on-accent); }
.button.primary:hover { border-color: var(--accent-hover); background: var(--accent-hover); }

.bar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: var(--space-1) var(--space-3); padding: var(--space-1) var(--space-4); border-bottom: 1px solid var(--border); }
.bar h2 { font-size: var(--text-body); }
.bar h2 span { color: var(--text-muted); font-weight: 400; font-size: var(--text-small); margin-left: var(--space-2); }
.news { margin-left: auto; color: var(--warning); font-weight: 600; }
.bar a, .pages a { display: inline-flex; align-items: center; min-height: 2rem; }
.pages { display: flex; justify-content: space-between; gap: var(--space-3); padding: var(--space-1) var(--space-4); border-top: 1px solid var(--border); }
.list { flex: 1; }
.list li { position: relative; scroll-margin-top: 5rem; padding: var(--space-2) var(--space-4) var(--space-3); border-bottom: 1px solid var(--border); border-left: 3px solid transparent; }
.list li:hover { background: var(--surface-hover); }
.list li.selected { background: var(--surface-selected); border-left-color: var(--accent); }
.list .line { display: flex; justify-content: space-between; gap: var(--space-3); }
.list .line > :first-child { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.list time { flex: none; font-variant-numeric: tabular-nums; }
.list a { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; color: var(--text); font-weight: 600; text-decoration: none; }
.list a::after { content: ''; position: absolute; inset: 0; }
.list a:hover { text-decoration: underline; }
.list a:focus-visible { outline: none; }
.list a:focus-visible::after { outline: 2px solid var(--focus); outline-offset: -3px; }
.list .kind { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.empty { padding: var(--space-5) var(--space-4); color: var(--text-muted); }
.empty * + * { margin-top: var(--space-2); }

.mail { display: flex; flex-direction: column; min-width: 0; }
.mail:focus { outline: none; }
.mail .top { padding: var(--space-4) var(--space-5) 0; }
.back { display: inline-flex; align-items: center; min-height: 2.25rem; margin-bottom: var(--space-1); }
.mail h2 { font-size: var(--text-large); text-wrap: pretty; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem var(--space-4); margin-top: var(--space-3); }
.facts dt { color: var(--text-muted); }
.links { display: flex; flex-wrap: wrap; gap: var(--space-2); margin-top: var(--space-3); }
.links li { max-width: 100%; }
.parts { display: flex; flex-wrap: wrap; align-items: center; gap: 0 var(--space-4); margin-top: var(--space-3); padding: 0 var(--space-5); border-bottom: 1px solid var(--border); }
.parts a { display: inline-flex; align-items: center; min-height: 2.5rem; border-bottom: 2px solid transparent; color: var(--text-muted); text-decoration: none; }
.parts a:hover { color: var(--text); border-bottom-color: var(--border-strong); }
.parts a[aria-current] { border-bottom-color: var(--accent); color: var(--text); font-weight: 600; }
.parts .aside { margin-left: auto; color: var(--link); text-decoration: underline; }
iframe { display: block; flex: 1 0 auto; width: 100%; height: 75vh; min-height: 24rem; border: 0; }
pre { padding: var(--space-4) var(--space-5); white-space: pre-wrap; font: var(--text-small) / 1.55 var(--font-mono); }

@media (max-width: 54.99rem) {
  .reading .mails, .listing .mail { display: none; }
  .listing { background: var(--surface-sunken); }
  .banner { background: var(--surface); }
  .clock { flex-basis: 100%; text-align: left; }
  .clock .quiet { display: inline-block; }
  .mail .top { padding: var(--space-3) var(--space-4) 0; }
  .parts { padding: 0 var(--space-4); }
  pre { padding: var(--space-4); }
  .button, input, select { min-height: 2.75rem; }
}
@media (max-width: 33rem) {
  .banner { justify-content: space-between; }
  .brand { flex: 1 1 0; min-width: 0; position: relative; padding-left: 2.5rem; gap: 0; flex-direction: column; align-items: flex-start; }
  .brand span { position: absolute; left: 0; top: 0.25rem; }
  .brand h1::before { content: none; }
  .brand h1, .banner nav { font-size: var(--text-small); }
  .banner nav { flex: none; }
  .clock { order: 1; }
}
@media (min-width: 55rem) {
  .back { display: none; }
  .listing .mail { justify-content: center; align-items: center; text-align: center; padding: var(--space-5); }
  main { display: grid; grid-template-columns: minmax(20rem, 26rem) 1fr; }
  .mails { border-right: 1px solid var(--border); }
}
@media (min-width: 55rem) and (min-height: 34rem) {
  body { display: grid; grid-template-rows: auto 1fr; height: 100dvh; }
  main { min-height: 0; }
  .mails, .mail { min-height: 0; overflow-y: auto; }
  .list { overflow-y: auto; min-height: 10rem; }
  iframe { flex: 1 0 24rem; height: auto; }
}
`;
