/** Colour, space and type of the mailbox: those of apps/console/src/design/tokens.css, which this page cannot import; a test compares the two. */
export const tokens = `
:root {
  color-scheme: light dark;

  --surface: light-dark(#ffffff, #14181c);
  --surface-raised: light-dark(#ffffff, #1b2126);
  --surface-sunken: light-dark(#f4f6f7, #0f1215);
  --surface-hover: light-dark(#eef2f3, #232a30);
  --surface-selected: light-dark(#e3f0f1, #17343a);
  --border: light-dark(#d5dbde, #333c44);
  --border-strong: light-dark(#84919a, #6b7983);

  --text: light-dark(#15202b, #e8edf0);
  --text-muted: light-dark(#52606d, #a3b0ba);
  --text-on-accent: light-dark(#ffffff, #06211f);

  --accent: light-dark(#0b5c63, #5cc4c4);
  --accent-hover: light-dark(#084a50, #7ad4d3);
  --link: light-dark(#0b5c63, #6fd0d0);
  --focus: light-dark(#0b5c63, #8ae0df);

  --warning: light-dark(#7a4a00, #f2bd64);
  --warning-surface: light-dark(#fff4dd, #362808);
  --warning-border: light-dark(#d8a94a, #7d5f1c);

  --space-1: 0.25rem;
  --space-2: 0.5rem;
  --space-3: 0.75rem;
  --space-4: 1rem;
  --space-5: 1.5rem;

  --font: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  --font-mono: ui-monospace, "SF Mono", Menlo, Consolas, monospace;
  --text-small: 0.8125rem;
  --text-body: 0.9375rem;
  --text-large: 1.125rem;
  --line: 1.45;

  --radius: 0.375rem;
}
`;
