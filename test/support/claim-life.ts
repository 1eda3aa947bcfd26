import type { Phase } from '#libs/claims/index.js';
import type { ClaimView } from '#libs/read-models/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { type BenchTenant, plainClaim } from '../bench/sandbox.js';
import type { Answer, Caller } from './caller.js';
import type { Mail, Product } from './product.js';
import { waitFor } from './wait.js';

const evidence = Buffer.from(statementOfWork(['Statement of work'])).toString('base64');

// Use these functions in stories and chaos tests: the steps of a claim's life through the product's API.

/** Returns the body of a successful answer. @throws an Error with the answer otherwise. */
export function bodyOf<Body>(answer: Answer<Body>): Body {
  if (answer.status < 300) return answer.body;
  throw new Error(`The API answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

export async function readClaim(caller: Caller, claimId: string): Promise<ClaimView & { etag: string }> {
  const answer = await caller.get<ClaimView>(`/v1/claims/${claimId}`);
  return { ...bodyOf(answer), etag: answer.etag ?? '' };
}

export async function untilPhase(caller: Caller, claimId: string, phase: Phase, limitMs = 60_000): Promise<ClaimView & { etag: string }> {
  let claim = await readClaim(caller, claimId);
  let seen: string = claim.phase;
  await waitFor(
    `claim ${claimId} to be ${phase}`,
    async () => {
      if (seen === phase) return true;
      claim = await readClaim(caller, claimId);
      seen = claim.phase;
      return seen === phase;
    },
    limitMs,
  ).catch((error: unknown) => {
    throw new Error(`${(error as Error).message} It is ${seen}.`, { cause: error });
  });
  return claim;
}

/** Waits for the outcome of a command that was answered 202. */
async function untilDone(caller: Caller, { status, location }: Answer<unknown>): Promise<void> {
  if (status !== 202) return;
  await waitFor(
    `operation ${location} to be done`,
    async () => {
      const operation = bodyOf(await caller.get<{ status: string; errors: unknown[] }>(location!));
      if (operation.status === 'refused') throw new Error(`${location} was refused: ${JSON.stringify(operation.errors)}`);
      return operation.status === 'done';
    },
    180_000,
  );
}

/** Creates and submits a claim of one workload in one call, and waits until it is submitted. */
export async function submitClaim(product: Product, programme: string, tenant: BenchTenant): Promise<string> {
  const answer = await product.partner.post<{ claimId: string }>('/v1/claims', plainClaim(programme, tenant, evidence));
  const { claimId } = bodyOf(answer);
  await untilDone(product.partner, answer);
  await untilPhase(product.partner, claimId, 'submitted');
  return claimId;
}

/** Approves a claim. The answer may come before the command is executed. */
export async function approve(product: Product, claimId: string): Promise<void> {
  const { etag } = await readClaim(product.reviewer, claimId);
  bodyOf(await product.reviewer.post(`/v1/claims/${claimId}/decisions`, { outcome: 'approve' }, { 'if-match': etag }));
}

/** Waits until the customer's window is open. Returns its last instant. */
export async function untilWindowOpens(product: Product, claimId: string, limitMs = 60_000): Promise<string> {
  let closesAt: string | null | undefined;
  await waitFor(
    `the window of claim ${claimId} to open`,
    async () => {
      closesAt = (await readClaim(product.partner, claimId)).notices.at(-1)?.closesAt;
      return typeof closesAt === 'string';
    },
    limitMs,
  );
  return closesAt!;
}

export const contactOf = ({ domain }: BenchTenant): string => `contact@${domain}`;

/** Waits for the notice to an address. Returns its link. */
export async function noticeLink(product: Product, address: string, limitMs = 60_000): Promise<string> {
  let mails: Mail[] = [];
  await waitFor(`a mail to ${address}`, async () => (mails = await product.mails(address)).length > 0, limitMs);
  const { links } = await product.mail(mails.at(-1)!.id);
  const link = links.find((candidate) => new URL(candidate).pathname.startsWith('/n/'));
  if (link === undefined) throw new Error(`The mail to ${address} has no link of its own.`);
  return link;
}
