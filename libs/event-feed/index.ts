export { changeTypes, type ChangeType, type ClaimChange, type ChangedDeadline } from './claim-change.js';
export {
  type AssociationEvent,
  type AssociationType,
  associationTypes,
  type ClaimChangeEvent,
  type FeedEvent,
  type FeedEventOf,
  feedEventsOf,
  type FeedType,
  feedTypes,
  sourceTypesOf,
} from './feed-event.js';
export {
  beginning,
  feedCursor,
  findPlace,
  type FeedPage,
  type FeedPosition,
  type PlacedEvent,
  readFeed,
  wholePlace,
} from './feed-reader.js';
