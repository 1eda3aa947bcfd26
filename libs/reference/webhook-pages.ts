import { feedCursor, type FeedEvent, feedEventsOf, type FeedType, feedTypes, sourceTypesOf } from '#libs/event-feed/index.js';
import type { ClaimEvent, EventType } from '#libs/claims/index.js';
import { isShownTo } from '#libs/timeline/index.js';
import { bodyOf, testType, type WebhookFormat, webhookEventOf } from '#libs/webhooks/index.js';
import { at, eventsOf, sampleId } from './event-samples.js';
import { code, page } from './page.js';

const draft: EventType[] = ['ClaimDrafted'];
const submitted: EventType[] = [...draft, 'EvidenceAdded', 'ClaimSubmitted'];
const underReview: EventType[] = [...submitted, 'ReviewStarted'];
const approved: EventType[] = [...underReview, 'LinesApproved'];
const asked: EventType[] = [...approved, 'NoticeRequested'];
const windowOpen: EventType[] = [...asked, 'NoticeAccepted'];
const windowPassed: EventType[] = [...windowOpen, 'ConsentWindowPassed'];
const official: EventType[] = [...windowPassed, 'LinesMadeOfficial'];
const refused: EventType[] = [...underReview, 'LinesRejected'];
const disputed: EventType[] = [...refused, 'DisputeOpened'];
const toSign: EventType[] = [...draft, 'SignatureRequested'];

/** What has happened to a claim before each event. */
const before: Record<EventType, EventType[]> = {
  ClaimDrafted: [],
  ClaimEdited: draft,
  EvidenceAdded: draft,
  EvidenceScanned: [...draft, 'EvidenceAdded'],
  CommentAdded: underReview,
  DraftDiscarded: draft,
  ClaimSubmitted: [...draft, 'EvidenceAdded'],
  ReviewStarted: submitted,
  InformationRequested: underReview,
  LinesApproved: underReview,
  LinesRejected: underReview,
  DeadlineBreached: submitted,
  NoticeRequested: approved,
  NoticeRecipientAdded: asked,
  NoticeAccepted: asked,
  NoticeFailed: asked,
  NoticeBounced: windowOpen,
  CustomerDeclined: windowOpen,
  CustomerAccepted: windowOpen,
  PartnerBlocked: windowOpen,
  PartnerUnblocked: [...windowOpen, 'PartnerBlocked'],
  DeadlineExtended: [...underReview, 'InformationRequested'],
  ConsentWindowPassed: windowOpen,
  LinesMadeOfficial: windowPassed,
  LinesHeld: windowPassed,
  AssociationEnded: official,
  AssociationTransferred: official,
  AssociationChecked: official,
  ExpiryNoticeDue: official,
  LineCarriedOver: official,
  HolderWarned: official,
  HearingClosed: [...official, 'HolderWarned'],
  ChoiceRequested: underReview,
  CustomerChose: [...underReview, 'ChoiceRequested'],
  RivalsDecided: underReview,
  ClaimWithdrawn: underReview,
  DisputeOpened: refused,
  DisputeDecided: disputed,
  DisputeWindowClosed: refused,
  SignatureRequested: draft,
  SignatureCodeRequested: toSign,
  SignatureForwarded: toSign,
  StatementSigned: toSign,
  SignatureDeclined: toSign,
  SignatureExpired: toSign,
  SignatureRequestCanceled: toSign,
};

/** Who causes an event; the others come from the system. */
const causes: Partial<Record<ClaimEvent['by']['kind'], EventType[]>> = {
  partner: [
    'ClaimDrafted',
    'ClaimEdited',
    'EvidenceAdded',
    'CommentAdded',
    'DraftDiscarded',
    'ClaimSubmitted',
    'ClaimWithdrawn',
    'DisputeOpened',
    'AssociationTransferred',
    'SignatureRequested',
    'SignatureRequestCanceled',
  ],
  reviewer: [
    'ReviewStarted',
    'InformationRequested',
    'LinesApproved',
    'LinesRejected',
    'DeadlineExtended',
    'ChoiceRequested',
    'RivalsDecided',
    'DisputeDecided',
  ],
  customer: [
    'CustomerAccepted',
    'CustomerDeclined',
    'CustomerChose',
    'PartnerBlocked',
    'PartnerUnblocked',
    'AssociationEnded',
    'SignatureForwarded',
    'StatementSigned',
    'SignatureDeclined',
  ],
};

/** The sample of a claim event, caused by whoever usually does. */
function withCause(event: ClaimEvent): ClaimEvent {
  const [kind] = Object.entries(causes).find(([, types]) => types.includes(event.type)) ?? ['system'];
  return { ...event, by: { kind, subject: sampleId('0') } } as ClaimEvent;
}

const claimId = sampleId('3');
const recordedAt = new Date(Date.parse(at) + 1_120).toISOString();

/** An event of each type, as the feed makes it from the events of a claim. */
function sampleOf(type: FeedType): FeedEvent {
  for (const event of sourceTypesOf([type]).flatMap(eventsOf)) {
    const life = [...before[event.type].map((earlier) => eventsOf(earlier)[0]!), event];
    const recorded = life.map((one, index) => ({ ...withCause(one), version: index + 1, recordedAt, commandId: null }));
    const found = feedEventsOf(claimId, recorded).find((made) => made.event.version === life.length && made.event.type === type);
    if (found !== undefined) return found.event;
  }
  throw new Error(`No event has become ${type}.`);
}

const publicUrl = 'https://cpor.example';

function bodyOfSample(type: FeedType, format: WebhookFormat): string {
  const event = sampleOf(type);
  return shown(bodyOf(webhookEventOf(event, feedCursor({ place: '42', index: 1, mark: '' })), format, publicUrl));
}

const shown = (body: string): string => `\`\`\`json\n${JSON.stringify(JSON.parse(body), null, 2)}\n\`\`\``;

function recipientsOf(type: FeedType): string {
  const events = sourceTypesOf([type]).flatMap(eventsOf);
  const told = (['partner', 'customer'] as const).filter((audience) => events.some((event) => isShownTo(event, audience)));
  return [...told, 'vendor'].join(', ');
}

const testBody = (): string =>
  shown(
    bodyOf(
      { eventId: sampleId('0'), type: testType, recordedAt, claimId: null, sequence: null, data: { endpointId: sampleId('9') } },
      'standard',
      publicUrl,
    ),
  );

/** A body of each type that an endpoint may receive. */
export function webhookEvents(): string {
  return page(
    'Webhook events by example',
    'One body of every type, as an endpoint of the format `standard` gets it. The [contract](openapi.json) describes them as `WebhookEvent`, and those of the format `cloudevents` as `WebhookCloudEvent`. [Events and letters](events.md) says what each is made from; [Receive webhooks](../how-to/receive-webhooks.md), how.',
    'Partners get the events of their locations, except internal comments. Customers get their own events from the first notice on, only deadlines of the customer’s own window in `deadlines`, `reasons` empty, and `phase` null. The vendor gets everything.',
    ...feedTypes.toSorted().flatMap((type) => [`## ${code(type)}`, `Sent to: ${recipientsOf(type)}.`, bodyOfSample(type, 'standard')]),
    `## ${code(testType)}`,
    'Sent when somebody tries the endpoint, to nobody else.',
    testBody(),
    '## As CloudEvents',
    'The same `data` in structured JSON, with the media type `application/cloudevents+json`.',
    bodyOfSample('association.official', 'cloudevents'),
  );
}
