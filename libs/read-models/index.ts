export { type NoticeLetter, readLetter } from './notice-letter.js';
