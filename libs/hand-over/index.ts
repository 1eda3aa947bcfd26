export { type HandOverEvent, type HandOverType, handOverTypes, sourceTypes } from './hand-over-event.js';
export {
  beginning,
  findPlace,
  type FormerPlace,
  type HandOverPage,
  type HandOverPlace,
  type PlacedEvent,
  readHandOver,
} from './hand-over-reader.js';
