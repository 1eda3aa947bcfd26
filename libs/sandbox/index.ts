export { type ClockMove, moveClock, readClock } from './sandbox-clock.js';
