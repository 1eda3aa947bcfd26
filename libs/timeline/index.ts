export { type Audience, isShownTo, type TimelineEntry, timelineEntry, type TimelineWording } from './timeline.js';
