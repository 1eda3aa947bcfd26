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
    'The states of a line. A claim shows the one that stands first in the roll-up order of its lines.',
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
    'A command is possible while a line is in one of the phases; the rules look closer. A link in a notice needs no role to refuse, to accept or to choose. [Clocks](clocks.md) move lines too.',
    table(
      ['Command', 'Who', 'While a line is', 'The line becomes'],
      commandTypes.map((name) => [code(name), whoGives(name), possibleIn(name), codes(commandTable[name].leadsTo)]),
    ),
    '## Where a command runs',
    'What is for drafts runs in the API; from the submission on a workflow carries out everything.',
    table(
      ['Command', 'On a draft', 'Asks the directory', 'Looks at rivals'],
      commandTypes.map((name) => [code(name), ...looksOf(name).map((looks) => (looks ? 'yes' : ''))]),
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

const whoGives = (name: CommandType): string => codes(rolesFor(name)) || 'the system';

function possibleIn(name: CommandType): string {
  const possible = commandTable[name].phases;
  return possible.length === phases.length ? 'any' : codes(possible);
}

function looksOf(name: CommandType): boolean[] {
  const { isForDraft = false, needsDirectory = false, needsRelatedClaims = needsDirectory } = commandTable[name];
  return [isForDraft, needsDirectory, needsRelatedClaims];
}

/** The fields of a programme that give a clock its length. */
const lengths: Record<ClockName, (keyof ClaimPolicy['clocks'])[]> = {
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

/** Times of the domain that need no alarm: an instant that is looked at when somebody acts. */
const withoutAlarm = [
  ['K6', 'later refusal', 'never ends; `optOut` ends an official association at the instant at which it was received'],
  ['K10', 'cool-down after a refusal', 'its end stands in the event of the refusal; a submission before it is refused, `claim_cooldown`'],
  ['K11', 'new subscription visible', '`subscription_not_provisioned` says how long to wait before asking the vendor'],
  ['K12', 'age of the signature, late claim', 'compared at the submission: `evidence_stale`, `evidence_signed_in_future`, `late_claim`'],
  ['K14', 'retention', '`cpor erase --due`, once a day; a legal hold keeps everything'],
];

export function clocks(): string {
  return page(
    'Clocks',
    'Each deadline is computed once, when its clock starts, with the length in the programme version in force then; the event has the deadline, how it was counted, and both versions. What is received at the deadline itself is in time.',
    table(
      ['Clock', 'What for', 'Kept by', 'Runs while', 'Who is waited for', 'At its end', 'The line becomes'],
      Object.entries(clockRules).map(([name, { title, phases: running, mover, onExpiry }]) => [
        name,
        title,
        isAssociationClock(name as ClockName) ? 'association' : 'claim',
        codes(running),
        mover,
        endings[onExpiry].text,
        codes(endings[onExpiry].leadsTo),
      ]),
    ),
    'K2 and K3 stand still while the partner owes an answer, and go on with the business days that were left.',
    'K13 runs to the next notice before an end, or to the end itself: that of the subscription, or of the term (`termMonths`) of a workload.',
    '## Lengths',
    table(
      ['Clock', 'Field of the programme', 'In the sample programme', 'A reviewer may extend it'],
      Object.entries(lengths).map(([name, fields]) => [
        name,
        fields.map((field) => code(`clocks.${field}`)).join(' + '),
        fields.map((field) => lengthText(samplePolicy.clocks[field])).join(' + '),
        (extendableClocks as readonly string[]).includes(name) ? (name === 'K4' ? 'once a request' : 'yes') : '',
      ]),
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
    'Every change of a claim is one of these facts: what, from which instant (`at`), by whom (`by`), written down when (`recordedAt`), as which version of the claim. People and their words are named by id.',
    table(
      ['Event', 'As the history tells it', 'Data', 'The line becomes', 'Told to'],
      eventTypes.map((type) => [code(type), titlesOf(type), codes(dataOf(type)), codes(becomes(type)), toldTo(type)]),
    ),
    'Customers are told what happened from their first notice on.',
    '## Letters',
    'Mails that tell of an event and ask for nothing. A notice, which starts a window, and a question which of several partners the customer wants, are sent for `NoticeRequested` and `ChoiceRequested`.',
    table(
      ['Letter', 'Of', 'To'],
      letterKinds.map((kind) => {
        const sent = letters.filter((letter) => letter.kind === kind);
        return [code(kind), codes(unique(sent.map(({ type }) => type))), unique(sent.map(({ to }) => to)).join(', ')];
      }),
    ),
  );
}

const unique = <Item>(items: Item[]): Item[] => [...new Set(items)];
const dataOf = (type: EventType): string[] => Object.keys(samples[type][0]!);
const titlesOf = (type: EventType): string =>
  unique(eventsOf(type).flatMap((event) => timelineEntry(event, 'vendor', 'en')?.title ?? [])).join('; ');

function toldTo(type: EventType): string {
  const told = audiences.map((audience) => {
    const shares = eventsOf(type).map((event) => timelineEntry(event, audience, 'en') !== null);
    return shares.every(Boolean) ? audience : shares.some(Boolean) ? `${audience} (some)` : null;
  });
  return told.filter((one) => one !== null).join(', ');
}

/** A claim whose customer was told of its only line. */
const told = fold((['ClaimDrafted', 'ClaimSubmitted', 'NoticeRequested', 'NoticeAccepted'] as const).flatMap(eventsOf));

/** Phases that an event puts a line into, whatever it was in before, or into which it makes a new one. */
const becomes = (type: EventType): Phase[] =>
  unique(
    eventsOf(type).flatMap((event) => {
      const after = phases.flatMap((phase) => evolve({ ...told, lines: told.lines.map((line) => ({ ...line, phase })) }, event).lines);
      const reached = unique(after.filter(({ line }) => line === 1).map(({ phase }) => phase));
      const moved = reached.length === 1 ? reached : [];
      return [...moved, ...evolve(initialState, event).lines.map(({ phase }) => phase)];
    }),
  );

const letters = eventTypes.flatMap((type) =>
  eventsOf(type).flatMap((event) =>
    lettersOf(event, evolve(told, event)).map(({ kind, personId }) => ({
      type,
      kind,
      to: Object.entries(readers).find(([, id]) => id === personId)?.[0] ?? 'vendor',
    })),
  ),
);
