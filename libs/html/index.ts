export { type Html, type HtmlValue, html, raw } from './html.js';
