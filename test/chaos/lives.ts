import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { BenchTenant } from '../bench/sandbox.js';
import { bodyOf, contactOf, noticeLink, untilWindowOpens } from '../support/claim-life.js';
import { optOutByLink } from '../support/customer.js';
import type { Product } from '../support/product.js';
import { waitFor } from '../support/wait.js';

const kinds = ['silence', 'refusal', 'withdrawal', 'late refusal', 'silence'] as const;

/** What follows the notice of a claim. */
export type Kind = (typeof kinds)[number];

export const kindOf = (index: number): Kind => kinds[index % kinds.length]!;

/** Does what follows a notice, and returns when it is done: silence lasts until the window has closed. */
export async function answerAs(product: Product, kind: Kind, claimId: string, tenant: BenchTenant, onClosing = () => {}): Promise<void> {
  switch (kind) {
    case 'withdrawal': {
      const answer = await product.partner.post(`/v1/claims/${claimId}/withdrawals`, {});
      // On a busy machine it may come after the window. Whether it did, the comparison knows.
      if (answer.status !== 409) bodyOf(answer);
      return;
    }
    case 'refusal': {
      await optOutByLink(await noticeLink(product, contactOf(tenant), 180_000));
      return;
    }
    case 'silence':
    case 'late refusal': {
      const closesAt = Date.parse(await untilWindowOpens(product, claimId, 180_000));
      await delay(Math.max(0, closesAt - (await productNow(product.source))));
      onClosing();
      if (kind === 'silence') return;
      await delay(500);
      await optOutByLink(await noticeLink(product, contactOf(tenant), 180_000));
    }
  }
}

/** The sandbox's clock may have been moved. */
async function productNow(source: DataSource): Promise<number> {
  const [row] = await source.query<[{ now: Date }]>('SELECT cpor_now() AS now');
  return row.now.getTime();
}

/** Waits until every claim has its outcome, and no command waits. */
export async function untilSettled({ source }: Product, claimIds: string[]): Promise<void> {
  await waitFor(
    'every claim to have its outcome',
    async () => {
      const [row] = await source.query<[{ left: number }]>(
        `SELECT count(*)::int AS left FROM claims c WHERE claim_id = ANY($1) AND (phase IN ('draft', 'submitted', 'under_review', 'consent_pending')
           OR EXISTS (SELECT FROM claim_commands i WHERE i.claim_id = c.claim_id AND outcome IS NULL))`,
        [claimIds],
      );
      return row.left === 0;
    },
    200_000,
  );
}
