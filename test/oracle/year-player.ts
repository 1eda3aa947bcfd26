import { samplePolicy } from '#libs/programmes/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { inParallel } from '../bench/measure.js';
import { addTenants, type BenchTenant, partnerAccountId, plainClaim } from '../bench/sandbox.js';
import type { Answer, Caller } from '../support/caller.js';
import { bodyOf, readClaim } from '../support/claim-life.js';
import type { Product } from '../support/product.js';
import { waitFor } from '../support/wait.js';
import type { PlannedClaim, PlannedProgramme } from './year-plan.js';

const day = 86_400_000;
/** Actions of one instant that are sent at a time. */
const concurrency = 8;
/** Tokens live for an hour of real time. */
const tokenMs = 40 * 60_000;
const settleMs = 600_000;
const statement = Buffer.from(statementOfWork(['Statement of work']));
const content = statement.toString('base64');
const isoDate = (instant: number) => new Date(instant).toISOString().slice(0, 10);

interface Action {
  /** The product's clock. */
  at: number;
  /** Whether the clock must not move beyond it first. */
  isExact: boolean;
  run: () => Promise<void>;
}

interface Staff {
  partner: Caller;
  reviewer: Caller;
  secondReviewer: Caller;
  operator: Caller;
  since: number;
}

/** Plays a planned year through the API, and moves the product's clock from one action to the next. */
export class YearPlayer {
  /** The claims that were filed. */
  readonly claimIds: string[] = [];
  /** How often the API refused an action, by its code: a plan does not know what the claim allows by then. */
  readonly refusals = new Map<string, number>();
  moves = 0;
  private now = 0;
  private agenda: Action[] = [];
  private staff: Staff | undefined;

  constructor(
    private readonly product: Product,
    /** The longest step of the clock between two actions, in milliseconds. */
    private readonly longestStep: number,
    private readonly random: () => number,
  ) {}

  /** Moves the clock to the beginning and publishes the programmes with their calendars. */
  async publish(programmes: PlannedProgramme[], beginsAt: number): Promise<void> {
    await this.moveTo(beginsAt);
    const { name: _name, version: _version, ...content } = samplePolicy;
    const effectiveFrom = isoDate(beginsAt + 2 * day);
    for (const { name, calendar, noticeTiming, ...clocks } of programmes) {
      const named = (dates: string[]) => dates.map((on) => ({ on, name: 'A day' }));
      const coverage = { coversFrom: isoDate(beginsAt - 60 * day), coversThrough: isoDate(beginsAt + 800 * day) };
      const { zone, weekend, holidays, workingDays } = calendar;
      const days = { zone, weekend, holidays: named(holidays), workingDays: named(workingDays), ...coverage, source: 'Made up.' };
      bodyOf(await this.product.vendorAdmin.put(`/v1/calendars/${name}`, { ...days, effectiveFrom }));
      const document = { ...content, effectiveFrom, calendar: name, noticeTiming, clocks: { ...content.clocks, ...clocks } };
      bodyOf(await this.product.vendorAdmin.put(`/v1/programmes/${name}`, document));
    }
    await this.moveTo(beginsAt + 4 * day);
  }

  /** Plays every claim to its end, until no deadline is left. */
  async play(claims: PlannedClaim[], onProgress: (filed: number) => void): Promise<void> {
    const tenants = await addTenants(this.product.source, claims.length);
    const begins = this.now;
    for (const [index, claim] of claims.entries()) this.at(begins + claim.filedAt, () => this.file(claim, tenants[index]!));
    while (this.agenda.length > 0) {
      this.agenda.sort((a, b) => a.at - b.at);
      const exact = this.agenda.find(({ isExact }) => isExact)?.at ?? Infinity;
      await this.moveTo(Math.min(exact, Math.max(this.agenda[0]!.at, this.now + this.random() * this.longestStep)));
      const due = this.agenda.filter(({ at }) => at <= this.now);
      this.agenda = this.agenda.filter(({ at }) => at > this.now);
      await inParallel(due.length, concurrency, (index) => due[index]!.run());
      if (this.moves % 100 === 0) onProgress(this.claimIds.length);
    }
    for (;;) {
      const { nextDeadlineAt } = bodyOf(await (await this.callers()).operator.get<{ nextDeadlineAt: string | null }>('/v1/sandbox/clock'));
      if (nextDeadlineAt === null) return;
      await this.moveTo(Math.max(this.now, Date.parse(nextDeadlineAt) + 1 + this.random() * this.longestStep));
    }
  }

  private at(at: number, run: () => Promise<void>, isExact = false): void {
    this.agenda.push({ at, run, isExact });
  }

  private after(milliseconds: number, run: () => Promise<void>): void {
    this.at(this.now + milliseconds, run);
  }

  /** Moves the clock, and waits until every deadline that has passed has acted and every mail is sent. */
  private async moveTo(instant: number): Promise<void> {
    const { operator } = await this.callers();
    const { now } = bodyOf(await operator.post<{ now: string }>('/v1/sandbox/clock/advances', { to: new Date(instant).toISOString() }));
    this.now = Math.max(Date.parse(now), instant);
    this.moves++;
    await waitFor('every deadline to have acted', async () => (await this.unsettled()) === 0, settleMs);
  }

  private async unsettled(): Promise<number> {
    const [row] = await this.product.source.query<[{ open: number }]>(
      `SELECT (SELECT count(*)::int FROM claims WHERE alarm_at < cpor_now())
         + (SELECT count(*)::int FROM claim_commands WHERE outcome IS NULL)
         + (SELECT count(*)::int FROM claims WHERE phase = 'consent_pending' AND alarm_at IS NULL) AS open`,
    );
    return row.open;
  }

  private async callers(): Promise<Staff> {
    if (this.staff === undefined || Date.now() - this.staff.since > tokenMs) {
      const { product } = this;
      this.staff = {
        partner: await product.caller('ann', 'claim_admin', { partner: partnerAccountId, locations: ['*'] }),
        reviewer: await product.caller('rita', 'reviewer'),
        secondReviewer: await product.caller('sam', 'reviewer'),
        operator: await product.caller('olga', 'operator'),
        since: Date.now(),
      };
    }
    return this.staff;
  }

  private async file(claim: PlannedClaim, tenant: BenchTenant): Promise<void> {
    const { partner } = await this.callers();
    const body = plainClaim(claim.programme.name, tenant, content);
    const answer = await partner.post<{ claimId: string }>('/v1/claims', {
      ...body,
      evidence: [{ fileName: 'statement-of-work.pdf', contentBase64: content, signedOn: this.signedOn() }],
    });
    const { claimId } = bodyOf(answer);
    this.claimIds.push(claimId);
    if (claim.review === 'none') return;
    this.after(claim.reviewAfter, () => this.review(claim, claimId, tenant));
    // With an early notice, the window may open before the review.
    if (claim.programme.noticeTiming === 'on_submit') this.awaitCustomer(claim, claimId, tenant);
  }

  private async review(claim: PlannedClaim, claimId: string, tenant: BenchTenant): Promise<void> {
    const { reviewer } = await this.callers();
    switch (claim.review) {
      case 'approve':
        return this.approve(claim, claimId, tenant);
      case 'take_then_approve':
        await this.send(reviewer, claimId, 'reviews', {});
        return this.after(claim.decisionAfter, () => this.approve(claim, claimId, tenant));
      case 'ask':
        await this.send(reviewer, claimId, 'information-requests', { reasons: ['dates_missing_or_old'] });
        if (claim.answerAfter !== null) this.after(claim.answerAfter, () => this.answer(claim, claimId, tenant));
        return;
      case 'reject':
        await this.send(reviewer, claimId, 'decisions', { outcome: 'reject', reason: 'evidence_insufficient' });
        if (claim.disputeAfter !== null) this.after(claim.disputeAfter, () => this.dispute(claim, claimId, tenant));
        return;
      case 'none':
    }
  }

  private async approve(claim: PlannedClaim, claimId: string, tenant: BenchTenant): Promise<void> {
    const isTaken = await this.send((await this.callers()).reviewer, claimId, 'decisions', { outcome: 'approve' });
    if (isTaken && claim.programme.noticeTiming === 'on_approval') this.awaitCustomer(claim, claimId, tenant);
  }

  private async answer(claim: PlannedClaim, claimId: string, tenant: BenchTenant): Promise<void> {
    const { partner } = await this.callers();
    const form = new FormData();
    form.set('signedOn', this.signedOn());
    form.set('file', new Blob([statement], { type: 'application/pdf' }), 'statement-of-work.pdf');
    await this.send(partner, claimId, 'evidence', form);
    await this.send(partner, claimId, 'answers', { comment: 'A new statement.' });
    this.after(claim.decisionAfter, () => this.approve(claim, claimId, tenant));
  }

  private async dispute(claim: PlannedClaim, claimId: string, tenant: BenchTenant): Promise<void> {
    const isTaken = await this.send((await this.callers()).partner, claimId, 'disputes', { statement: 'The evidence names the product.' });
    if (!isTaken) return;
    this.after(claim.disputeDecisionAfter, async () => {
      const { secondReviewer } = await this.callers();
      await this.send(secondReviewer, claimId, 'dispute-decisions', { outcome: claim.disputeOutcome });
      if (claim.disputeOutcome === 'approve') this.awaitCustomer(claim, claimId, tenant);
    });
  }

  private awaitCustomer(claim: PlannedClaim, claimId: string, tenant: BenchTenant): void {
    const { customer, customerAfter } = claim;
    if (customer === 'silent') return;
    const speak = async () => {
      const administrator = await this.product.caller(tenant.tenantId, 'tenant_admin', { tenant: tenant.tenantId });
      const noun = customer === 'refuse' ? 'opt-outs' : 'acceptances';
      this.note(noun, await administrator.post(`/v1/claims/${claimId}/${noun}`, {}));
    };
    if (typeof customerAfter === 'number') return this.after(customerAfter, speak);
    // The window is open once the clock has moved again.
    this.after(1, async () => {
      const closesAt = (await readClaim((await this.callers()).partner, claimId)).notices.at(-1)?.closesAt;
      if (typeof closesAt === 'string') this.at(Date.parse(closesAt) + customerAfter.close, speak, true);
    });
  }

  private signedOn(): string {
    return isoDate(this.now - 30 * day);
  }

  /** Sends what needs the claim's version. Returns whether it was accepted. */
  private async send(caller: Caller, claimId: string, noun: string, body: object): Promise<boolean> {
    const { etag } = await readClaim(caller, claimId);
    return this.note(noun, await caller.post(`/v1/claims/${claimId}/${noun}`, body, { 'if-match': etag }));
  }

  private note(noun: string, { status, body }: Answer<unknown>): boolean {
    if (status < 300) return true;
    const { code } = body as { code?: string };
    const refusal = `${noun}: ${status} ${code}`;
    this.refusals.set(refusal, (this.refusals.get(refusal) ?? 0) + 1);
    return false;
  }
}
