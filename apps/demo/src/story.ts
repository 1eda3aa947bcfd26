import { relative } from 'node:path';
import type { Position } from '#libs/claims/index.js';
import { checkoutRoot } from '#libs/embedded/index.js';
import type { ClaimView } from '#libs/read-models/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { workflowIds } from '../../../temporal.config.js';
import type { ApiCaller } from './api-caller.js';
import { optOutByLink } from './customer.js';
import { localTime } from './local-time.js';
import { narrator } from './narrator.js';
import { eventually, expectThat } from './surprise.js';
import { advanceTo, evergreen, ironbridge, mailTo, readClaim, timeNow, untilPhase, type World } from './world.js';

/** Ten o'clock in New York on the Monday before Thanksgiving: the five business days ahead span a holiday and a weekend. */
const begin = '2026-11-23T15:00:00.000Z';
const lastDay = '2026-12-01T21:00:00.000Z';
const afterDeadline = '2026-12-02T05:00:01.000Z';
const signedOn = '2026-10-14';

const northwind = { name: 'Northwind Traders', tenantId: 'db602352-d033-497b-973d-8e81d5de0d3a', domain: 'northwind-traders.example' };
const blueHeron = { name: 'Blue Heron Logistics', tenantId: 'bf77df2a-6a8b-4c50-bd40-fa4a2e73527e', domain: 'blueheron-logistics.example' };
const juniper = { name: 'Juniper Medical Group', tenantId: 'c766e390-ca07-4ff1-8516-e6f6fc9d2df2', domain: 'juniper-medical.example' };
type Customer = typeof northwind;

const contact = ({ domain }: Customer) => ({ name: 'Alex Carter', title: 'Head of IT', email: `alex.carter@${domain}` });

const claimOf = (partnerId: string, customer: Customer, product: string) => ({
  partnerId,
  tenantId: customer.tenantId,
  domain: customer.domain,
  area: 'modern_work_security',
  lines: [{ product, activities: ['usage'] }],
  contacts: { customer: contact(customer), partner: { name: 'Robin Fields', email: 'claims@partner.example' } },
});

const sow = (customer: Customer, ...lines: string[]) =>
  statementOfWork([`Statement of work for ${customer.name}`, `Signed by the customer on ${signedOn}`, ...lines]);

async function say(world: World, line: string): Promise<void> {
  narrator.happened(localTime(await timeNow(world)), line);
}

/** Takes three claims through their lives. @throws Surprise when something unexpected happens. */
export async function tellStory(world: World): Promise<void> {
  await advanceTo(world, begin);
  narrator.say('The sandbox clock starts on the Monday before Thanksgiving. All times are New York time.');
  const first = await refusedAndCorrected(world);
  await askedAndAnswered(world, first);
  await approved(world, first);
  const second = await plainClaim(world, world.ironbridge, ironbridge.partnerId, ironbridge.name, blueHeron, 'intune');
  const third = await plainClaim(world, world.evergreen, evergreen.partnerId, evergreen.name, juniper, 'sharepoint');
  await onTheLastDay(world, first, second);
  await afterTheDeadline(world, first, third);
  for (const claim of [first, second, third]) await timeline(world, claim);
  await whereToGo(world, [first, second, third]);
}

interface StoryClaim {
  claimId: string;
  number: string;
  customer: Customer;
}

async function refusedAndCorrected(world: World): Promise<StoryClaim> {
  narrator.chapter('1. A claim is refused for three mistakes at once, corrected and submitted');
  const draft = await world.evergreen.post<ClaimView>('/v1/claims', claimOf(evergreen.partnerId, northwind, 'teams'));
  expectThat(draft.status === 201, `Creating the draft answered ${draft.status}: ${JSON.stringify(draft.body)}`);
  const { claimId, number } = draft.body;
  await say(world, `${evergreen.name} drafts claim ${number} for driving the use of Teams at ${northwind.name}.`);

  const refused = await world.evergreen.post<{ code: string; errors: { code: string; field: string; message: string }[] }>(
    `/v1/claims/${claimId}/submissions`,
    {},
  );
  const { errors } = refused.body;
  expectThat(refused.status === 409 && errors.length === 3, `The submission answered ${refused.status}: ${JSON.stringify(refused.body)}`);
  await say(world, `It submits the claim, which is refused (409 ${refused.body.code}):`);
  narrator.list(errors.map(({ code, field, message }) => [code, `${field}: ${message}`]));

  const correction = { name: 'Teams adoption 2026', acknowledgementVersion: 1 };
  const patched = await world.evergreen.patch(`/v1/claims/${claimId}`, correction, draft.etag!);
  expectThat(patched.status === 200, `The correction answered ${patched.status}: ${JSON.stringify(patched.body)}`);
  await upload(world.evergreen, claimId, 'statement-of-work.pdf', sow(northwind, 'Adoption workshops for messaging'));
  const submitted = await world.evergreen.post(`/v1/claims/${claimId}/submissions`, {});
  expectThat(submitted.status < 300, `The corrected submission answered ${submitted.status}: ${JSON.stringify(submitted.body)}`);
  await untilPhase(world.evergreen, claimId, 'submitted');
  await say(
    world,
    'It gives the claim a name, accepts the acknowledgement, uploads the signed statement of work and submits again. This time it succeeds.',
  );
  return { claimId, number, customer: northwind };
}

async function upload(caller: ApiCaller, claimId: string, fileName: string, content: Uint8Array<ArrayBuffer>): Promise<void> {
  const form = new FormData();
  form.set('signedOn', signedOn);
  form.set('file', new Blob([content], { type: 'application/pdf' }), fileName);
  const uploaded = await caller.post(`/v1/claims/${claimId}/evidence`, form);
  expectThat(uploaded.status < 300, `The upload answered ${uploaded.status}: ${JSON.stringify(uploaded.body)}`);
}

async function askedAndAnswered(world: World, { claimId }: StoryClaim): Promise<void> {
  narrator.chapter('2. The reviewer asks for information by a Temporal signal; the partner answers');
  const workflow = world.temporal.workflow.getHandle(workflowIds.claim(claimId));
  await workflow.signal('requestInformation', { reason: 'evidence_products_missing' });
  await untilPhase(world.reviewer, claimId, 'action_required');
  await say(
    world,
    'The reviewer sees that the evidence does not mention Teams, and signals requestInformation to the workflow, as this command would:',
  );
  narrator.quote(
    `temporal workflow signal --address ${world.stack.addresses.temporalAddress} --namespace cpor --workflow-id ${workflowIds.claim(claimId)} --name requestInformation --input '{"reason":"evidence_products_missing"}'`,
  );
  const asked = await readClaim(world.evergreen, claimId);
  const until = asked.waiting[0]?.until;
  await say(world, `The partner must act by ${until ? localTime(until) : 'no date'}.`);

  await upload(world.evergreen, claimId, 'addendum.pdf', sow(northwind, 'Addendum: the service covers Microsoft Teams'));
  const answered = await world.evergreen.post(`/v1/claims/${claimId}/answers`, { comment: 'The addendum mentions Teams.' });
  expectThat(answered.status < 300, `The answer answered ${answered.status}: ${JSON.stringify(answered.body)}`);
  await untilPhase(world.evergreen, claimId, 'submitted');
  await say(world, `${evergreen.name} uploads a signed addendum that mentions Teams, and resubmits.`);
}

async function approve(world: World, claimId: string): Promise<ClaimView> {
  const { etag } = await readClaim(world.reviewer, claimId);
  const decided = await world.reviewer.post(`/v1/claims/${claimId}/decisions`, { outcome: 'approve' }, { 'If-Match': etag });
  expectThat(decided.status < 300, `The approval answered ${decided.status}: ${JSON.stringify(decided.body)}`);
  const isRunning = (claim: ClaimView) => claim.waiting.some((wait) => wait.for === 'customer');
  return eventually('the customer window is open', () => readClaim(world.reviewer, claimId), isRunning);
}

async function approved(world: World, { claimId, number }: StoryClaim): Promise<void> {
  narrator.chapter('3. The claim is approved, and the customer is notified');
  const claim = await approve(world, claimId);
  const window = claim.deadlines.find((deadline) => deadline.clock === 'customer_window');
  expectThat(window !== undefined, 'The customer window has no deadline.');
  await say(world, `The reviewer approves ${number}. The mail server accepts the notice, and the customer's five business days start.`);
  narrator.list([
    ['business days counted', window.countedDays.join(', ')],
    ['calendar', `${window.calendar}, ${window.zone}`],
    ['window closes', window.dueAtLocal],
  ]);
  const mail = await mailTo(world, contact(northwind).email);
  narrator.say(`The mail to ${mail.to}, with the subject "${mail.subject}":`);
  narrator.quote(mail.text);
}

async function plainClaim(
  world: World,
  caller: ApiCaller,
  partnerId: string,
  partner: string,
  customer: Customer,
  product: string,
): Promise<StoryClaim> {
  const content = Buffer.from(sow(customer, `Adoption of ${product}`)).toString('base64');
  const evidence = [{ fileName: 'statement-of-work.pdf', contentBase64: content, signedOn }];
  const claim = {
    ...claimOf(partnerId, customer, product),
    name: `${product} adoption`,
    acknowledgementVersion: 1,
    evidence,
    submit: true,
  };
  const created = await caller.post<ClaimView>('/v1/claims', claim);
  expectThat(created.status === 201, `Creating and submitting answered ${created.status}: ${JSON.stringify(created.body)}`);
  const { claimId, number } = created.body;
  await approve(world, claimId);
  await say(
    world,
    `${partner} drafts and submits a claim for ${product} at ${customer.name} in a single call (${number}). It is approved, and the customer is notified.`,
  );
  return { claimId, number, customer };
}

async function onTheLastDay(world: World, first: StoryClaim, second: StoryClaim): Promise<void> {
  narrator.chapter('4. A holiday and a weekend later: the last day of the window');
  await advanceTo(world, lastDay);
  const { phase } = await readClaim(world.evergreen, first.claimId);
  expectThat(phase === 'consent_pending', `Claim ${first.number} is ${phase} before its deadline.`);
  await say(
    world,
    `The sandbox clock moves past Thanksgiving and the weekend. ${first.number} still waits for its customer, as its workflow reports (query claimProcess):`,
  );
  narrator.quote(JSON.stringify((await processOf(world, first)).position?.waiting, null, 2));
  await optOutByLink(await mailTo(world, contact(second.customer).email));
  const declined = await untilPhase(world.ironbridge, second.claimId, 'rejected');
  expectThat(declined.lines[0]?.rejection?.reason === 'customer_declined', `The customer did not decline claim ${second.number}.`);
  await say(world, `On the last day, ${second.customer.name} opens the link in its mail and refuses: ${second.number} is rejected.`);
}

async function afterTheDeadline(world: World, first: StoryClaim, third: StoryClaim): Promise<void> {
  narrator.chapter('5. The deadline passes without an answer');
  await advanceTo(world, afterDeadline);
  const official = await untilPhase(world.evergreen, first.claimId, 'official');
  const from = official.lines[0]?.association?.from;
  const { events, timersFired } = await history(world, first.claimId);
  expectThat(from !== undefined, `Claim ${first.number} has no association.`);
  expectThat(timersFired > 0, "The workflow's timer did not fire.");
  expectThat(events <= 33, `The history of ${first.number} has ${events} events.`);
  await say(
    world,
    `Silence means consent: ${first.number} is official from ${localTime(from)}. The workflow's own timer fired; its last run took ${events} history events.`,
  );

  await untilPhase(world.evergreen, third.claimId, 'official');
  await optOutByLink(await mailTo(world, contact(third.customer).email));
  const ended = await untilPhase(world.evergreen, third.claimId, 'ended');
  const association = ended.lines[0]?.association;
  expectThat(association?.to !== null && association?.to !== undefined, `The association of claim ${third.number} has not ended.`);
  await say(
    world,
    `${third.customer.name} refuses after the deadline: ${third.number} was official already, so its association ends at once, at ${localTime(association.to)}.`,
  );
}

async function history(world: World, claimId: string): Promise<{ events: number; timersFired: number }> {
  const workflow = world.temporal.workflow.getHandle(workflowIds.claim(claimId));
  await workflow.result();
  const { events } = await workflow.fetchHistory();
  return { events: events?.length ?? 0, timersFired: (events ?? []).filter((event) => event.timerFiredEventAttributes).length };
}

async function timeline(world: World, { claimId, number, customer }: StoryClaim): Promise<void> {
  narrator.chapter(`The timeline of ${number} (${customer.name})`);
  const { status, body } = await world.reviewer.get<{ items: { at: string; title: string | null; type: string }[] }>(
    `/v1/claims/${claimId}/history`,
  );
  expectThat(status === 200 && body.items.length > 0, `The history answered ${status}.`);
  narrator.list(body.items.map(({ at, title, type }) => [localTime(at), title ?? type]));
}

/** Queries the workflow until it has read its claim: a run that has just started has no position yet. */
const processOf = (world: World, { claimId }: StoryClaim): Promise<{ position: Position | null }> =>
  eventually(
    `the workflow of claim ${claimId} reports its position`,
    () => world.temporal.workflow.getHandle(workflowIds.claim(claimId)).query<{ position: Position | null }>('claimProcess'),
    ({ position }) => position !== null,
  );

async function whereToGo(world: World, claims: StoryClaim[]): Promise<void> {
  const { apiUrl, mailboxUrl, temporalUiUrl } = world.stack.addresses;
  narrator.chapter('Where to go from here');
  narrator.list([
    ['console', `${apiUrl}/console/   sign in as Ann Fletcher, who filed the claims, or as Rita Lindqvist, who reviews`],
    ...claims.map(({ number, claimId }): [string, string] => [number, `${apiUrl}/console/claims/${claimId}`]),
    ['API reference', `${apiUrl}/docs`],
    // The story has an issuer of its own, beside that of `npm start`.
    ['a token for the API', `CPOR_DATA_DIR=${relative(checkoutRoot, world.stack.dataDirectory)} npm run -s token -- --role reviewer`],
    ['mailbox', mailboxUrl ?? 'your own mail relay'],
    ['Temporal UI', temporalUiUrl ?? world.stack.addresses.temporalAddress],
  ]);
}
