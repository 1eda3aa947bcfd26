export { type HandOverEvent, type HandOverType, handOverTypes } from './hand-over-event.js';
export { beginning, type HandOverPage, type HandOverPlace, type PlacedEvent, readHandOver } from './hand-over-reader.js';
