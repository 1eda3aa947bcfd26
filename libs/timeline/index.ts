export { type Audience, type TimelineEntry, timelineEntry, type TimelineWording } from './timeline.js';
