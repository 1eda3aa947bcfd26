import type { Actor } from '#libs/claims/index.js';
import { ImportStore, type NewRow } from '#libs/imports/index.js';
import { commandIdOf } from '#libs/inbox/index.js';
import type { SentClaim } from '#libs/new-claims/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { workflowIds } from '../../temporal.config.js';
import { evergreen } from './sample-directory.js';
import type { Stage } from './stage.js';
import { waitFor } from './wait.js';

const actor: Actor = { kind: 'partner', subject: 'importer', actsFor: [evergreen.accountId] };
const evidence = Buffer.from(statementOfWork(['Statement of work'])).toString('base64');

const monthAgo = (): string => new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);

/** Returns an import row that is complete enough to be submitted. */
export function sentClaim({ tenantId, domain }: { tenantId: string; domain: string }, change: Partial<SentClaim> = {}): SentClaim {
  return {
    programme: 'sample',
    name: 'Imported',
    partnerId: evergreen.partnerId,
    tenantId,
    domain,
    area: 'modern_work_security',
    lines: [{ product: 'exchange', activities: ['usage'] }],
    contacts: {
      customer: { name: 'Ann Lee', title: 'CIO', email: `ann.lee@${domain}` },
      partner: { name: 'Pat Roe', email: 'pat@evergreen.example' },
    },
    acknowledgementVersion: 1,
    evidence: [{ fileName: 'statement.pdf', contentBase64: evidence, signedOn: monthAgo() }],
    ...change,
  };
}

/** Use it for tests of the import workflow: an import stored as the API stores it. */
export class TestImport {
  readonly store: ImportStore;
  importId = '';
  readonly partnerAccountId = evergreen.accountId;

  constructor(private readonly stage: Stage) {
    this.store = new ImportStore(stage.source);
  }

  async create(contents: SentClaim[], submits = true): Promise<this> {
    this.importId = await this.store.begin({ kind: 'create', partnerAccountId: this.partnerAccountId, actor, submits });
    await this.store.addRows(
      this.importId,
      contents.map((content, index): NewRow => ({ row: index + 1, content })),
    );
    await this.store.complete(this.importId, commandIdOf('importer', this.importId), 'one-request');
    return this;
  }

  wake(): Promise<void> {
    return this.stage.engine.wakeImport(this);
  }

  get handle() {
    return this.stage.namespace.client.workflow.getHandle(workflowIds.import(this.importId));
  }

  async state(): Promise<string> {
    return (await this.store.find(this.importId))!.state;
  }

  async until(state: string, limitMs?: number): Promise<void> {
    await waitFor(`the import to be ${state}`, async () => (await this.state()) === state, limitMs);
  }

  /** Returns the outcome, claim and codes of each row. */
  rows(): Promise<{ row: number; outcome: string | null; claimId: string | null; content: unknown; codes: string[] }[]> {
    return this.stage.source.query(
      `SELECT row, outcome, claim_id AS "claimId", content, ARRAY(SELECT f ->> 'code' FROM jsonb_array_elements(findings) AS f) AS codes
       FROM claim_import_rows WHERE import_id = $1 ORDER BY row`,
      [this.importId],
    );
  }

  async settledRows(): Promise<number> {
    return (await this.rows()).filter(({ outcome }) => outcome !== null).length;
  }
}
