export { type ClockMove, moveClock } from './move-clock.js';
