import { designTokens } from '#libs/design/index.js';

/** The only style sheet of the pages that customers see. */
export const style = `
${designTokens}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--surface); color: var(--text);
  font: 1.0625rem/1.55 var(--font); overflow-wrap: break-word;
}
header, main { max-width: 44rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: flex; justify-content: space-between; align-items: center; gap: 1rem; min-height: 3.5rem; }
.banner { font-weight: 600; }
main { border-top: 1px solid var(--border); padding-top: 1.5rem; padding-bottom: 4rem; }
h1 { margin: 0 0 1rem; font-size: 1.75rem; line-height: 1.25; font-weight: 650; text-wrap: balance; }
h2 { margin: 2.25rem 0 0.5rem; font-size: 1.25rem; line-height: 1.3; font-weight: 650; }
p, ul, dl { margin: 0 0 1rem; }
ul { padding-left: 1.25rem; }
li + li { margin-top: 0.4rem; }
a { color: var(--accent); text-underline-offset: 0.15em; }
header a { display: inline-flex; align-items: center; min-height: 44px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
dt { color: var(--text-muted); font-size: 0.9375rem; }
dd { margin: 0 0 0.75rem; overflow-wrap: anywhere; }
.panel { padding: 1.25rem 1.25rem 0.5rem; margin: 1.5rem 0; background: var(--surface-sunken); border-left: 4px solid var(--accent); }
.panel .instant { font-size: 1.25rem; line-height: 1.35; font-weight: 650; }
.panel dd { margin-bottom: 1rem; }
.note { margin: 0 0 1.5rem; padding: 1rem 1.25rem 0; border: 1px solid var(--border-strong); border-radius: 4px; }
.note p { margin-bottom: 0.5rem; }
.note h2 { margin-top: 0; }
.tool a { display: inline-flex; align-items: center; min-height: 44px; }
.tool + .tool { margin-top: -0.75rem; }
.extras { margin: 0 0 1rem; }
.extras summary { display: list-item; padding: 0.6rem 0; min-height: 44px; color: var(--accent); cursor: pointer; }
.extras[open] { padding-bottom: 0.5rem; }
.extras .label { margin-top: 0.5rem; }
.places { padding: 0; list-style: none; }
.places a { display: inline-flex; align-items: center; min-height: 44px; font-weight: 600; }
.places li + li { margin-top: 0.25rem; }
.places p { margin: 0; }
.columns summary { padding: 0.6rem 0; min-height: 44px; color: var(--accent); cursor: pointer; }
.columns + p { margin-top: 1rem; }
.columns ul, .names { columns: 14rem; }
.columns li, .names li { break-inside: avoid; }
.columns code { font-size: 0.9375rem; overflow-wrap: anywhere; }
h3 { margin: 1.25rem 0 0.25rem; font-size: 1.0625rem; }
.state, .hint { display: block; color: var(--text-muted); font-size: 0.9375rem; }
.fault { margin: 0 0 1.5rem; padding: 1rem 1.25rem 0; border: 3px solid var(--danger); }
.fault h2 { margin-top: 0; }
.fault a, .fault-text { color: var(--danger); font-weight: 600; }
fieldset { margin: 0 0 1.25rem; padding: 0; border: 0; min-width: 0; }
legend, .label { display: block; padding: 0; margin-bottom: 0.35rem; font-weight: 600; }
.choice { display: grid; grid-template-columns: 1.5rem 1fr; gap: 0.75rem; padding: 0.65rem 0; min-height: 44px; cursor: pointer; }
.choice input { width: 1.5rem; height: 1.5rem; margin: 0; accent-color: var(--accent); }
input[type=text] { display: block; width: 100%; min-height: 44px; margin: 0 0 1rem; padding: 0.5rem 0.75rem; color: inherit; background: var(--surface);
  border: 1px solid var(--border-strong); border-radius: 4px; font: inherit; }
input[aria-invalid] { border: 2px solid var(--danger); }
textarea {
  display: block; width: 100%; min-height: 6rem; margin-top: 0.35rem; padding: 0.6rem 0.75rem; color: inherit; background: var(--surface);
  border: 1px solid var(--border-strong); border-radius: 4px; font: inherit; resize: vertical;
}
textarea[aria-invalid] { border: 2px solid var(--danger); }
#finality, #accept-effect { margin: 1rem 0 0; }
.actions { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 1.25rem 0; }
button {
  min-height: 48px; padding: 0.6rem 1.5rem; color: var(--text-on-accent); background: var(--accent); border: 2px solid var(--accent);
  border-radius: 4px; font: inherit; font-weight: 600; cursor: pointer;
}
button.second { color: var(--accent); background: transparent; }
@media (max-width: 30rem) { button { width: 100%; } h1 { font-size: 1.5rem; } }
@media (min-width: 40rem) { .facts { display: grid; grid-template-columns: 11rem 1fr; column-gap: 1rem; } .facts dt { margin-block-end: .75rem; font-size: inherit; } }
@media print {
  :root { color-scheme: light; --surface: #ffffff; --surface-sunken: #ffffff; --text: #000000; --text-muted: #333333; --border: #999999; --accent: #000000; }
  html { font-size: 11pt; }
  body { font-size: 1rem; }
  header, main { max-width: none; padding: 0; }
  main { padding-top: 1rem; }
  form, .share, .tool, header a { display: none; }
  h1, h2 { break-after: avoid; }
  .panel, .note, li, dd { break-inside: avoid; }
}
`;
