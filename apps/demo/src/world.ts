import type { Client } from '@temporalio/client';
import { mintSandboxToken } from '#libs/auth/index.js';
import type { Stack } from '#libs/embedded/index.js';
import { createClient } from '#libs/engine/index.js';
import type { ClaimView } from '#libs/read-models/index.js';
import { samplePersonOf } from '#libs/sample-data/index.js';
import { ApiCaller } from './api-caller.js';
import { eventually, expectThat } from './surprise.js';

/** Partners of the sample directory. */
export const evergreen = { partnerId: '1240371', name: 'Evergreen Cloud Consulting' };
export const ironbridge = { partnerId: '48213', name: 'Ironbridge Systems' };

export interface Mail {
  id: string;
  to: string;
  subject: string;
  text: string;
  links: string[];
}

/** The people who take part in the story, and the running product. */
export interface World {
  stack: Stack;
  evergreen: ApiCaller;
  ironbridge: ApiCaller;
  reviewer: ApiCaller;
  operator: ApiCaller;
  temporal: Client;
  close(): Promise<void>;
}

export async function openWorld(stack: Stack): Promise<World> {
  const caller = async (name: string) => {
    const { subject, roles, partner, locations } = samplePersonOf(name)!;
    const issuer = `${stack.addresses.apiUrl}/sandbox/issuer`;
    const token = { dataDirectory: stack.dataDirectory, issuer, audience: 'cpor', roles, subject, lifetimeSeconds: 3600 };
    const scope = partner && locations ? { partner, locations } : {};
    return new ApiCaller(stack.addresses.apiUrl, await mintSandboxToken({ ...token, ...scope }));
  };
  const { temporalAddress } = stack.addresses;
  const namespace = stack.env['TEMPORAL_NAMESPACE'] ?? 'cpor';
  const { client, close } = createClient({ address: temporalAddress, namespace, apiKey: null, useTls: false }, []);
  return {
    stack,
    evergreen: await caller('ann.evergreen'),
    ironbridge: await caller('ivy.ironbridge'),
    reviewer: await caller('rita.vendor'),
    operator: await caller('olga.vendor'),
    temporal: client,
    close,
  };
}

export async function readClaim(caller: ApiCaller, claimId: string): Promise<ClaimView & { etag: string }> {
  const { status, body, etag } = await caller.get<ClaimView>(`/v1/claims/${claimId}`);
  expectThat(status === 200 && etag !== null, `Reading claim ${claimId} answered ${status}.`);
  return { ...body, etag };
}

/** Waits until the claim is in a phase. */
export const untilPhase = (caller: ApiCaller, claimId: string, phase: ClaimView['phase']): Promise<ClaimView & { etag: string }> =>
  eventually(
    `claim ${claimId} is ${phase}`,
    () => readClaim(caller, claimId),
    (claim) => claim.phase === phase,
  );

/** Waits for a mail to the address and returns it. */
export async function mailTo(world: World, address: string): Promise<Mail> {
  const { mailboxUrl } = world.stack.addresses;
  const list = () => fetchJson<{ items: Mail[] }>(`${mailboxUrl}/messages?to=${encodeURIComponent(address)}`);
  const { items } = await eventually(`mail to ${address}`, list, (found) => found.items.length > 0);
  return fetchJson<Mail>(`${mailboxUrl}/messages/${items[0]!.id}`);
}

async function fetchJson<Body>(url: string): Promise<Body> {
  const response = await fetch(url, { headers: { accept: 'application/json' } });
  expectThat(response.ok, `${url} answered ${response.status}.`);
  return (await response.json()) as Body;
}

/** Returns the product's time. */
export async function timeNow(world: World): Promise<string> {
  const { body } = await world.operator.get<{ now: string }>('/v1/sandbox/clock');
  return body.now;
}

export async function advanceTo(world: World, to: string): Promise<void> {
  const { status, body } = await world.operator.post('/v1/sandbox/clock/advances', { to });
  expectThat(status === 200 || status === 201, `Advancing the clock answered ${status}: ${JSON.stringify(body)}`);
}
