export { plainError, type PlainError } from './plain-error.js';
