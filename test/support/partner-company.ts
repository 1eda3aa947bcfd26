import type { ClaimView, HistoryEntry } from '#libs/read-models/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { readClaim, bodyOf, untilPhase } from './claim-life.js';
import type { Answer, Caller } from './caller.js';
import type { Product } from './product.js';
import { waitFor } from './wait.js';

/** Use it in stories about several partners: a company with two users, one who submits claims and one who reads usage. */
export class PartnerCompany {
  private constructor(
    readonly name: string,
    readonly accountId: string,
    readonly partnerId: string,
    readonly email: string,
    readonly claims: Caller,
    readonly viewer: Caller,
  ) {}

  static async open(product: Product, name: string, accountId: string, partnerId: string): Promise<PartnerCompany> {
    const scope = { partner: accountId, locations: ['*'] };
    const slug = name.split(' ')[0]!.toLowerCase();
    const claims = await product.caller(`${slug}-claims`, 'claim_admin', scope);
    const viewer = await product.caller(`${slug}-viewer`, 'usage_viewer', scope);
    return new PartnerCompany(name, accountId, partnerId, `claims@${slug}.example`, claims, viewer);
  }

  /** Creates and submits a claim with one piece of evidence that the customer has signed. */
  async submit(claim: Record<string, unknown>, signedOn: string): Promise<ClaimView> {
    const content = Buffer.from(statementOfWork([`For ${this.name}`, `Signed by the customer on ${signedOn}`])).toString('base64');
    const { contacts, ...rest } = claim;
    const answer = await this.claims.post<ClaimView>('/v1/claims', {
      ...rest,
      name: `Adoption by ${this.name}`,
      partnerId: this.partnerId,
      contacts: { ...(contacts as object), partner: { name: `Office of ${this.name}`, email: this.email } },
      acknowledgementVersion: 1,
      evidence: [{ fileName: 'statement-of-work.pdf', contentBase64: content, signedOn }],
      submit: true,
    });
    return untilPhase(this.claims, bodyOf(answer).claimId, 'submitted');
  }

  /** Adds evidence to an official claim. */
  async addEvidence(claimId: string, signedOn: string): Promise<void> {
    const form = new FormData();
    const content = statementOfWork([`Renewed for ${this.name}`, `Signed by the customer on ${signedOn}`]);
    form.set('signedOn', signedOn);
    form.set('file', new Blob([content], { type: 'application/pdf' }), 'renewed.pdf');
    bodyOf(await this.claims.post(`/v1/claims/${claimId}/evidence`, form));
    const isAdded = async () => (await this.read(claimId)).evidence.some((file) => file.signedOn === signedOn);
    await waitFor(`the evidence of ${signedOn}`, isAdded);
  }

  read(claimId: string): Promise<ClaimView & { etag: string }> {
    return readClaim(this.claims, claimId);
  }

  async line(claimId: string, line = 1): Promise<ClaimView['lines'][number]> {
    return (await this.read(claimId)).lines[line - 1]!;
  }

  /** Waits until a line is official, and returns its association. */
  async untilOfficial(claimId: string, line = 1) {
    await waitFor(`line ${line} of claim ${claimId} to be official`, async () => (await this.line(claimId, line)).phase === 'official');
    return (await this.line(claimId, line)).association!;
  }

  async historyOf(claimId: string): Promise<HistoryEntry[]> {
    return bodyOf(await this.claims.get<{ items: HistoryEntry[] }>(`/v1/claims/${claimId}/history?limit=100`)).items;
  }

  /** Returns the months and active users of an association as its viewer sees them, or the code of the refusal. */
  async usage(associationId: string): Promise<Record<string, unknown> | string> {
    const answer = await this.viewer.get<UsagePage>(`/v1/associations/${associationId}/usage?set=business_applications_usage`);
    return answer.status === 200 ? usersByMonth(answer) : `${answer.status} ${answer.body.code}`;
  }

  /** Returns the months and active users in the file that its viewer exports. */
  async exportedUsage(): Promise<Record<string, unknown>> {
    return usersByMonth(await this.viewer.get<UsagePage>('/v1/usage/export?set=business_applications_usage&format=json'));
  }
}

interface UsagePage {
  code?: string;
  items: { month: string; values: { MAU: number } }[];
}

const usersByMonth = (answer: Answer<UsagePage>): Record<string, number> =>
  Object.fromEntries(bodyOf(answer).items.map(({ month, values }) => [month, values.MAU]));
