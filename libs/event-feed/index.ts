export { type FeedEvent, type FeedType, feedTypes, sourceTypes } from './feed-event.js';
export { beginning, findPlace, type FeedPage, type FeedPosition, type PlacedEvent, readFeed } from './feed-reader.js';
