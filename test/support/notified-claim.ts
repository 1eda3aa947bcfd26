import { randomUUID } from 'node:crypto';
import { type CommandBodies, type CommandType, systemActor } from '#libs/claims/index.js';
import { acceptCommand, executeCommands, fingerprintOf } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { hashToken } from '#libs/notices/index.js';
import { completeClaim, type TestApi } from './api.js';
import type { TestDatabase } from './database.js';

export interface NotifiedClaim {
  claimId: string;
  noticeId: string;
  /** The token in the contact's link. */
  token: string;
}

type Tenant = { tenantId: string; domain: string };

/** Use it when a test needs claims in their consent window without Temporal and a worker: gets them there by commands alone. */
export class NotifiedClaims {
  private readonly library: ProgrammeLibrary;

  constructor(
    private readonly database: TestDatabase,
    private readonly api: TestApi,
  ) {
    this.library = new ProgrammeLibrary(database.source);
  }

  /** Creates a submitted claim whose customer has not been notified. */
  async submitted(tenant: Tenant, body: Record<string, unknown> = {}): Promise<string> {
    const token = await this.api.token('claim_admin');
    const sent = completeClaim({ submit: true, ...customerOf(tenant), ...body });
    const made = await this.api.call('POST', '/v1/claims', { token, body: sent, headers: { Prefer: 'respond-async' } });
    if (made.status !== 202) throw new Error(`The claim was answered with ${made.status}: ${made.text}`);
    const { claimId } = made.body as { claimId: string };
    await this.drain(claimId);
    return claimId;
  }

  /** Creates a claim whose customer has been notified. */
  async notified(tenant: Tenant, body: Record<string, unknown> = {}): Promise<NotifiedClaim> {
    const claimId = await this.submitted(tenant, body);
    await this.executeCommand(claimId, 'approveClaim', {});
    const { source } = this.database;
    const recipients = await source.query<{ recipient_id: string; notice_id: string }[]>(
      "SELECT recipient_id, notice_id FROM notice_recipients WHERE claim_id = $1 AND kind = 'contact'",
      [claimId],
    );
    const { recipient_id: recipientId, notice_id: noticeId } = recipients[0]!;
    const token = randomUUID();
    await source.query('UPDATE notice_recipients SET token_hash = $2 WHERE recipient_id = $1', [recipientId, hashToken(token)]);
    const acceptedAt = new Date().toISOString();
    await this.executeCommand(claimId, 'recordNoticeDelivery', { noticeId, results: [{ recipientId, outcome: 'accepted', acceptedAt }] });
    return { claimId, noticeId, token };
  }

  /** Drains a claim's inbox. */
  async drain(claimId: string): Promise<void> {
    await executeCommands(this.database.source, this.library, claimId);
  }

  /** Executes a command of a reviewer, or a report of deliveries. */
  async executeCommand<Type extends CommandType>(claimId: string, type: Type, body: CommandBodies[Type]): Promise<void> {
    const { source } = this.database;
    const [facts] = await source.query<{ facts: never }[]>('SELECT facts FROM directory_answers WHERE claim_id = $1 LIMIT 1', [claimId]);
    const reviewer = { kind: 'reviewer' as const, subject: 'rita', actsFor: [] };
    const command = { type, actor: type === 'recordNoticeDelivery' ? systemActor : reviewer, body } as never;
    const fingerprint = fingerprintOf(body);
    await acceptCommand(source.manager, { commandId: randomUUID(), claimId, command, fingerprint, facts: facts?.facts });
    await this.drain(claimId);
  }
}

/** Uses the given customer, because after a refusal the same partner must wait before it claims from that customer again. */
const customerOf = ({ tenantId, domain }: Tenant) => ({
  tenantId,
  domain,
  contacts: {
    customer: { name: 'Alex Carter', title: 'Head of IT', email: `alex.carter@${domain}` },
    partner: { name: 'Robin Fields', email: 'claims@evergreen.example' },
  },
});
