import { mintSandboxToken, type Role } from '#libs/auth/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { type BenchTenant, partnerAccountId, plainClaim } from '../bench/sandbox.js';
import type { Answer } from '../support/caller.js';
import { Caller } from '../support/caller.js';
import { approve, bodyOf, readClaim, untilPhase, untilWindowOpens } from '../support/claim-life.js';
import type { Product } from '../support/product.js';
import { waitFor } from '../support/wait.js';

/** How long a busy machine may take for what takes seconds. */
const busyMs = 120_000;

export const evidence = Buffer.from(statementOfWork(['Statement of work'])).toString('base64');

/** A claim that was opened under one build, and how it has to end under another. */
export interface OpenClaim {
  name: string;
  claimId: string;
  /** Does what the people involved still have to do. */
  goOn: () => Promise<void>;
  /** Its phase once everybody has done so and the windows have closed. */
  endsAs: string;
}

/** Claims in every phase that waits for somebody, driven through the balancer as people would. */
export class Claims {
  private constructor(
    private readonly product: Product,
    private readonly tenants: BenchTenant[],
    readonly tenantToken: (tenantId: string) => Promise<string>,
  ) {}

  static async open(product: Product, url: string, tenants: BenchTenant[]): Promise<Claims> {
    const token = (subject: string, role: Role, scope: object = {}) =>
      mintSandboxToken({
        dataDirectory: product.stack.dataDirectory,
        issuer: `${url}/sandbox/issuer`,
        audience: 'cpor',
        roles: [role],
        subject,
        lifetimeSeconds: 3600,
        ...scope,
      });
    const caller = async (...args: Parameters<typeof token>) => new Caller(url, await token(...args));
    const behind = {
      ...product,
      partner: await caller('ann', 'claim_admin', { partner: partnerAccountId, locations: ['*'] }),
      reviewer: await caller('rita', 'reviewer'),
      secondReviewer: await caller('sam', 'reviewer'),
      operator: await caller('olga', 'operator'),
    };
    return new Claims(behind, tenants, (tenant) => token(`admin of ${tenant}`, 'tenant_admin', { tenant }));
  }

  get callers(): Pick<Product, 'partner' | 'reviewer' | 'secondReviewer' | 'operator'> {
    return this.product;
  }

  newTenant(): BenchTenant {
    return this.tenants.pop()!;
  }

  async file(submit = true, tenant = this.newTenant()): Promise<string> {
    const answer = await this.product.partner.post<{ claimId: string }>('/v1/claims', {
      ...plainClaim('sample', tenant, evidence),
      submit,
    });
    const { claimId } = bodyOf(answer);
    await this.done(this.product.partner, answer);
    await untilPhase(this.product.partner, claimId, submit ? 'submitted' : 'draft');
    return claimId;
  }

  approve(claimId: string): Promise<void> {
    return approve(this.product, claimId);
  }

  async notified(): Promise<string> {
    const claimId = await this.file();
    await approve(this.product, claimId);
    await untilWindowOpens(this.product, claimId, busyMs);
    return claimId;
  }

  /** Sends a command for the claim's present version and waits for its outcome. */
  async send(caller: Caller, claimId: string, noun: string, body: object): Promise<void> {
    const { etag } = await readClaim(caller, claimId);
    await this.done(caller, await caller.post(`/v1/claims/${claimId}/${noun}`, body, { 'if-match': etag }));
  }

  async optOut(claimId: string, tenantId: string): Promise<void> {
    const customer = new Caller(this.url, await this.tenantToken(tenantId));
    await this.done(customer, await customer.post(`/v1/claims/${claimId}/opt-outs`, { reason: 'We do this ourselves.' }));
  }

  /** Opens a claim in each phase. What its people do later is in `goOn`. */
  async openAll({ isRejectionFinal = false } = {}): Promise<OpenClaim[]> {
    const { partner, reviewer, secondReviewer } = this.product;
    const approved = (claimId: string) => async () => {
      await this.approve(claimId);
      await untilWindowOpens(this.product, claimId, busyMs);
    };
    const nothing = () => Promise.resolve();
    const draft = await this.file(false);
    const submitted = await this.file();
    const reviewed = await this.file();
    await this.send(reviewer, reviewed, 'reviews', {});
    const asked = await this.file();
    await this.send(reviewer, asked, 'information-requests', {
      reasons: ['evidence_products_missing'],
      comment: 'Please name the products.',
    });
    const silent = await this.notified();
    const refusing = this.newTenant();
    const refused = await this.file(true, refusing);
    await approved(refused)();
    const rejected = await this.file();
    await this.send(reviewer, rejected, 'decisions', { outcome: 'reject', reason: 'evidence_insufficient' });
    const disputed = await this.file();
    await this.send(reviewer, disputed, 'decisions', { outcome: 'reject', reason: 'evidence_insufficient' });
    if (!isRejectionFinal) await this.send(partner, disputed, 'disputes', { statement: 'The evidence is complete.' });
    const decideDispute = (claimId: string) => async () => {
      await this.send(secondReviewer, claimId, 'dispute-decisions', { outcome: 'approve' });
      await untilWindowOpens(this.product, claimId, busyMs);
    };
    const open: OpenClaim[] = [
      {
        name: 'draft',
        claimId: draft,
        goOn: async () => {
          await this.send(partner, draft, 'submissions', {});
          await approved(draft)();
        },
        endsAs: 'official',
      },
      { name: 'submitted', claimId: submitted, goOn: approved(submitted), endsAs: 'official' },
      { name: 'under review', claimId: reviewed, goOn: approved(reviewed), endsAs: 'official' },
      {
        name: 'action required',
        claimId: asked,
        goOn: async () => {
          const form = new FormData();
          form.set('signedOn', new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10));
          form.set('file', new Blob([statementOfWork(['Addendum'])], { type: 'application/pdf' }), 'addendum.pdf');
          bodyOf(await partner.post(`/v1/claims/${asked}/evidence`, form));
          await this.send(partner, asked, 'answers', { comment: 'Attached.' });
          await untilPhase(partner, asked, 'submitted');
          await approved(asked)();
        },
        endsAs: 'official',
      },
      { name: 'window, silent', claimId: silent, goOn: nothing, endsAs: 'official' },
      { name: 'window, refused', claimId: refused, goOn: () => this.optOut(refused, refusing.tenantId), endsAs: 'rejected' },
      {
        name: 'rejected',
        claimId: rejected,
        goOn: async () => {
          await this.send(partner, rejected, 'disputes', { statement: 'Look again.' });
          await decideDispute(rejected)();
        },
        endsAs: 'official',
      },
      { name: 'disputed', claimId: disputed, goOn: decideDispute(disputed), endsAs: 'official' },
    ];
    // Where a rule of the build makes each rejection final, nobody disputes it, and it stays so under the other build.
    const isOfRejection = ({ claimId }: OpenClaim) => claimId === rejected || claimId === disputed;
    return open.map((claim) => (isRejectionFinal && isOfRejection(claim) ? { ...claim, goOn: nothing, endsAs: 'rejected_final' } : claim));
  }

  private get url(): string {
    return this.product.partner['apiUrl'];
  }

  private async done(caller: Caller, answer: Answer<unknown>): Promise<void> {
    bodyOf(answer);
    const { status, location } = answer;
    if (status !== 202) return;
    await waitFor(
      `${location} to be done`,
      async () => {
        const operation = bodyOf(await caller.get<{ status: string; errors: unknown[] }>(location!));
        if (operation.status === 'refused') throw new Error(`${location} was refused: ${JSON.stringify(operation.errors)}`);
        return operation.status === 'done';
      },
      busyMs,
    );
  }
}
