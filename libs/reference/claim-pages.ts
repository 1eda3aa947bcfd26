import { feedTypes, sourceTypesOf } from '#libs/event-feed/index.js';
import {
  type ClaimPolicy,
  type ClockName,
  clockRules,
  commandTable,
  type CommandType,
  commandTypes,
  editability,
  evidencePhases,
  evolve,
  extendableClocks,
  type EventType,
  fold,
  initialState,
  isAssociationClock,
  type Phase,
  phases,
  publicClockNames,
  statusLabels,
  statusLabels2021,
} from '#libs/claims/index.js';
import { rolesFor } from '#libs/auth/index.js';
import { letterKinds, lettersOf } from '#libs/notices/index.js';
import { type Audience, timelineEntry } from '#libs/timeline/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { eventsOf, readers, samples } from './event-samples.js';
import { code, codes, page, table } from './page.js';
import { endings } from './clock-endings.js';

const eventTypes = Object.keys(samples) as EventType[];

export function states(): string {
  return page(
    'States and transitions',
    'The states of a line. A claim shows the first of its lines’ states in the roll-up order.',
    table(
      ['Phase', 'Label', 'Russian label', 'Label of 2021', 'Russian label of 2021'],
      phases.map((phase) => [
        code(phase),
        statusLabels[phase].en,
        statusLabels[phase].ru,
        statusLabels2021[phase].en,
        statusLabels2021[phase].ru,
      ]),
    ),
    '## Who may do what, when, and where it leads',
    'A command is possible while a line is in one of the phases; the rules check further. The link in a notice needs no role to refuse, accept or choose. [Clocks](clocks.md) move lines too.',
    table(
      ['Command', 'Who', 'While a line is', 'The line becomes'],
      commandTypes.map((name) => [code(name), whoGives(name), possibleIn(name), codes(commandTable[name].leadsTo)]),
    ),
    '## Where a command runs',
    'Commands on a draft run in the API; after the submission the workflow executes all commands.',
    table(
      ['Command', 'On a draft', 'Reads the directory', 'Reads related claims'],
      commandTypes.map((name) => [code(name), ...readsOf(name).map((reads) => (reads ? 'yes' : ''))]),
    ),
    '## What may be edited when',
    table(
      ['Fields', ...phases],
      [...Object.entries(editability), ['evidence (added)', evidencePhases] as const].map(([group, editable]) => [
        group,
        ...phases.map((phase) => (editable.includes(phase) ? 'edit' : '')),
      ]),
    ),
  );
}

const whoGives = (name: CommandType): string =>
  codes(rolesFor(name)) || (commandTable[name].givenBy === 'signatory' ? 'the holder of the link' : 'the system');

function possibleIn(name: CommandType): string {
  const possible = commandTable[name].phases;
  return possible.length === phases.length ? 'any' : codes(possible);
}

function readsOf(name: CommandType): boolean[] {
  const { isForDraft = false, needsDirectory = false, needsRelatedClaims = needsDirectory } = commandTable[name];
  return [isForDraft, needsDirectory, needsRelatedClaims];
}

/** The fields of a programme that give a clock its length. */
const lengths: Record<Exclude<ClockName, 'K15'>, (keyof ClaimPolicy['clocks'])[]> = {
  K1: ['reviewStartBusinessDays'],
  K2: ['reviewDecisionBusinessDays'],
  K3: ['reviewStartBusinessDays', 'reviewDecisionBusinessDays'],
  K4: ['answerBusinessDays'],
  K5: ['consentWindow'],
  K7: ['disputeCalendarDays'],
  K8: ['disputeAnswerBusinessDays'],
  K9: ['hearingBusinessDays'],
  K13: ['expiryNoticeDays'],
};

/** Periods that need no alarm: their instant is compared when somebody acts. */
const withoutAlarm = [
  ['K6', 'later refusal', 'never ends; `optOut` ends an official association at the instant at which it was received'],
  ['K10', 'cool-down after a refusal', 'the event of the refusal holds its end; an earlier submission is refused with `claim_cooldown`'],
  ['K11', 'new subscription visible', '`subscription_not_provisioned` says how long to wait before contacting the vendor'],
  ['K12', 'age of the signature, late claim', 'compared at submission: `evidence_stale`, `evidence_signed_in_future`, `late_claim`'],
  ['K14', 'retention', '`cpor erase --due`, once a day; a legal hold keeps everything'],
];

export function clocks(): string {
  return page(
    'Clocks',
    'Each deadline is computed once, when its clock starts, with the length in the programme version then in force. The event records the deadline, how it was counted, and both versions. What arrives at the deadline itself is in time.',
    table(
      ['Clock', 'In the API', 'What for', 'Workflow', 'Runs while', 'Waits for', 'At its end', 'The line becomes'],
      Object.entries(clockRules).map(([name, { title, phases: running, mover, onExpiry }]) => [
        name,
        code(publicClockNames[name as ClockName]),
        title,
        isAssociationClock(name as ClockName) ? 'association' : 'claim',
        codes(running),
        mover,
        endings[onExpiry].text,
        codes(endings[onExpiry].leadsTo),
      ]),
    ),
    'K2 and K3 pause while the partner owes an answer and resume with the business days that were left.',
    'K13 runs to the next expiry notice, or to the end itself: of the subscription, or of a workload’s term (`termMonths`).',
    '## Lengths',
    table(
      ['Clock', 'Field of the programme', 'In the sample programme', 'A reviewer may extend it'],
      Object.entries(lengths)
        .map(([name, fields]) => [
          name,
          fields.map((field) => code(`clocks.${field}`)).join(' + '),
          fields.map((field) => lengthText(samplePolicy.clocks[field])).join(' + '),
          (extendableClocks as readonly string[]).includes(name) ? (name === 'K4' ? 'once per request' : 'yes') : '',
        ])
        .concat([['K15', code('statementOfWork.signing'), lengthText(samplePolicy.statementOfWork!.signing), '']]),
    ),
    '## Without an alarm',
    table(['Clock', 'What for', 'How it acts'], withoutAlarm),
  );
}

const lengthText = (length: number | number[] | ClaimPolicy['clocks']['consentWindow']): string =>
  typeof length === 'object' && 'days' in length ? `${length.days}, ${code(length.unit)}` : String(length).replaceAll(',', ', ');

const audiences: Audience[] = ['partner', 'reviewer', 'vendor', 'customer'];

export function events(): string {
  return page(
    'Events and letters',
    'Every change of a claim is one of these facts: what happened, from which instant (`at`), by whom (`by`), when it was recorded (`recordedAt`), and the claim’s version. People and free text appear only as ids.',
    table(
      ['Event', 'In the feed and in webhooks', 'In the history', 'Data', 'The line becomes', 'Shown to'],
      eventTypes.map((type) => [
        code(type),
        codes(feedTypesOf(type)),
        titlesOf(type),
        codes(dataOf(type)),
        codes(becomes(type)),
        shownTo(type),
      ]),
    ),
    'Customers see what happened from their first notice on, in their history, in `GET /v1/events` and in webhooks alike. [Webhook events by example](webhook-events.md) shows a body of every type.',
    '## Letters',
    'Mails that inform about an event and ask for nothing. Notices, which start a window, and questions which of several partners the customer wants, are sent for `NoticeRequested` and `ChoiceRequested`.',
    table(
      ['Letter', 'Of', 'To'],
      letterKinds.map((kind) => {
        const sent = letters.filter((letter) => letter.kind === kind);
        return [code(kind), codes(unique(sent.map(({ type }) => type))), unique(sent.map(({ to }) => to)).join(', ')];
      }),
    ),
  );
}

/** Names under which a claim event appears outside. */
const feedTypesOf = (type: EventType): string[] => feedTypes.filter((name) => sourceTypesOf([name]).includes(type));

const unique = <Item>(items: Item[]): Item[] => [...new Set(items)];
const dataOf = (type: EventType): string[] => Object.keys(samples[type][0]);
const titlesOf = (type: EventType): string =>
  unique(eventsOf(type).flatMap((event) => timelineEntry(event, 'vendor', 'en')?.title ?? [])).join('; ');

function shownTo(type: EventType): string {
  const shown = audiences.map((audience) => {
    const shares = eventsOf(type).map((event) => timelineEntry(event, audience, 'en') !== null);
    return shares.every(Boolean) ? audience : shares.some(Boolean) ? `${audience} (some)` : null;
  });
  return shown.filter((audience) => audience !== null).join(', ');
}

/** A claim whose customer has been notified of its only line, and asked to sign. */
const notified = fold(
  (['ClaimDrafted', 'SignatureRequested', 'ClaimSubmitted', 'NoticeRequested', 'NoticeAccepted'] as const).flatMap(eventsOf),
);

/** Returns the phases into which an event moves a line from any other, or in which it creates one. */
const becomes = (type: EventType): Phase[] =>
  unique(
    eventsOf(type).flatMap((event) => {
      const after = phases.flatMap(
        (phase) => evolve({ ...notified, lines: notified.lines.map((line) => ({ ...line, phase })) }, event).lines,
      );
      const reached = unique(after.filter(({ line }) => line === 1).map(({ phase }) => phase));
      const moved = reached.length === 1 ? reached : [];
      return [...moved, ...evolve(initialState, event).lines.map(({ phase }) => phase)];
    }),
  );

const letters = eventTypes.flatMap((type) =>
  eventsOf(type).flatMap((event) =>
    lettersOf(event, evolve(notified, event)).map(({ kind, personId }) => ({
      type,
      kind,
      to: Object.entries(readers).find(([, id]) => id === personId)?.[0] ?? 'vendor',
    })),
  ),
);
