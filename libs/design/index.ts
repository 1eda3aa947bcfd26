import { readFileSync } from 'node:fs';

/** The design tokens as a style sheet, for pages that the server renders. The console imports the file itself. */
export const designTokens = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');
