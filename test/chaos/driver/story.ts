import { setTimeout as delay } from 'node:timers/promises';
import type { ClaimView, HistoryEntry } from '#libs/read-models/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { formTokenOf } from '../../support/customer.js';
import type { Dice } from './dice.js';
import { type Company, type Customer, workloads } from './directory.js';
import { apply, file, settle } from '../model/effects.js';
import {
  type ClaimModel,
  findClaim,
  type LineModel,
  linesIn,
  type Model,
  newLine,
  numbersOf,
  type Span,
  type Step,
  undecided,
} from '../model/model.js';
import { refusalOf } from '../model/refusals.js';
import { barsOfNew, settleRivals } from '../model/rivals.js';
import { answerPage, type Sender, type Settled } from './sender.js';
import type { Stage } from './stage.js';

/** Who acts in a run. */
export interface Cast {
  /** By account: who files claims, and who reads usage. */
  partners: Map<string, { claims: Sender; viewer: Sender }>;
  reviewers: { name: string; sender: Sender }[];
  vendor: Sender;
}

/** What went wrong. Lost: an accepted command has no effect; twice: more than one; early: before its deadline. */
export interface Fault {
  kind: 'lost' | 'twice' | 'wrong' | 'early';
  claim: string;
  what: string;
}

/** A usage read, as the customer's log must show it: at least once, and at most once for every attempt. */
export interface Read {
  kind: 'read' | 'refused';
  partnerId: string;
  target: string;
  attempts: number;
}

const evidenceFile = statementOfWork(['Statement of work']);
const evidence64 = Buffer.from(evidenceFile).toString('base64');
const pollMs = 1_000;
const longestWaitMs = 600_000;
const day = 86_400_000;
/** How near a window's end a step on another claim may come. */
const clearanceMs = 3_000;

/** One customer, the claims on it and everybody who acts on them, one step after the other; other customers' stories run beside it. */
export class Story {
  readonly model: Model = { claims: [], blocked: [], refusals: [] };
  readonly faults: Fault[] = [];
  readonly reads: Read[] = [];
  commands = 0;
  isOver = false;
  /** How often each step was taken, and how often it was refused. */
  readonly steps: Record<string, [done: number, refused: number]> = {};
  private nextNumber = 1;

  constructor(
    private readonly stage: Stage,
    private readonly cast: Cast,
    readonly customer: Customer,
    /** The customer's administrator. */
    private readonly admin: Sender,
    private readonly companies: Company[],
    private readonly programme: string,
    private readonly windowMs: number,
    private readonly dice: Dice,
    /** How many claims to file. */
    private readonly claims: number,
  ) {}

  async live(): Promise<void> {
    try {
      let steps = this.claims * this.dice.between(5, 9);
      while (this.faults.length === 0 && (steps-- > 0 || this.model.claims.length < this.claims)) await this.step();
      if (this.faults.length === 0) await this.untilWindowsClose();
    } catch (error) {
      this.fault('wrong', '-', `The story stopped: ${(error as Error).stack}`);
    }
    this.isOver = true;
  }

  private fault(kind: Fault['kind'], claim: string, what: string): void {
    this.faults.push({ kind, claim, what });
  }

  private async step(): Promise<void> {
    const isShort = this.model.claims.length < this.claims;
    const moves = this.model.claims.flatMap((claim) => this.movesOf(claim));
    if (isShort) moves.push({ weight: moves.length === 0 ? 1 : 6, go: () => this.file() });
    if (moves.length > 0) await this.dice.pickWeighted(moves).go();
    if (this.dice.chance(0.3)) await delay(this.dice.between(0, 1_500));
  }

  // --- What may happen to a claim next

  private movesOf(claim: ClaimModel): Move[] {
    const has = (...phases: LineModel['phase'][]) => linesIn(claim, phases).length > 0;
    const lines = this.dice.chance(0.25) ? [this.dice.pick(claim.lines).line] : undefined;
    const moves: Move[] = [];
    const add = (weight: number, go: () => Promise<unknown>) => moves.push({ weight, go: async () => void (await go()) });
    const isContested = linesIn(claim, ['submitted', 'under_review', 'disputed']).find(
      (line) => settleRivals(this.model, claim, line) !== null,
    );
    if (has('draft')) {
      add(8, () => this.asPartner(claim, 'submit', 'submissions', {}));
      add(2, () => this.edit(claim));
      add(3, () => this.addEvidence(claim));
      add(0.5, () => this.discard(claim));
    }
    if (has('submitted', 'under_review')) {
      add(8, () => this.asReviewer(claim, { type: 'approve', lines }, 'decisions', { outcome: 'approve', lines }));
      add(2, () => this.reject(claim, lines));
      add(2, () => this.asReviewer(claim, { type: 'start', lines }, 'reviews', { lines }));
      add(3, () => this.asReviewer(claim, { type: 'ask', lines }, 'information-requests', { lines, reasons: ['dates_missing_or_old'] }));
      add(1, () => this.edit(claim));
      add(0.7, () => this.addEvidence(claim));
    }
    if (isContested !== undefined) {
      add(4, () => this.askToChoose(claim, isContested));
      add(10, () => this.decideRivals(claim, isContested));
    }
    for (const { choiceId, candidates } of claim.choices.filter((choice) => this.isOpen(claim, choice))) {
      add(5, () => this.choose(claim, choiceId, this.dice.pick(candidates)));
    }
    if (has('action_required')) {
      add(6, () => this.answer(claim));
      add(1, () => this.asPartner(claim, 'answer', 'answers', {}));
      add(0.5, () => this.edit(claim));
    }
    if (undecided.some((phase) => has(phase))) {
      add(0.7, () => this.asPartner(claim, 'withdraw', 'withdrawals', { lines }, { lines }));
    }
    if (has('consent_pending')) {
      add(4, () => this.untilWindowsClose());
      add(3, () => this.optOut(claim, lines));
      add(2, () => this.optOutAtTheBrink(claim));
      add(1, () => this.asCustomer(claim, { type: 'accept', lines }, 'acceptances', { lines }));
      add(0.5, () => this.asReviewer(claim, { type: 'approve' }, 'decisions', { outcome: 'approve' }));
    }
    if (has('official')) {
      add(3, () => this.readUsage(claim));
      add(1, () => this.optOut(claim, lines));
      add(1, () => this.asPartner(claim, 'disassociate', 'disassociations', { lines, reason: 'Our contract has ended.' }, { lines }));
      add(1.5, () => this.transfer(claim));
    }
    if (has('ended')) add(0.5, () => this.readUsage(claim));
    if (has('rejected', 'rejected_final')) {
      add(2, () => this.asPartner(claim, 'dispute', 'disputes', { statement: 'It is on page 3.' }));
      add(0.2, () => this.optOut(claim, undefined));
    }
    if (has('disputed')) add(6, () => this.decideDispute(claim, lines));
    add(0.3, () => this.asPartner(claim, 'comment', 'comments', { text: 'A word.' }));
    return moves;
  }

  private isOpen(claim: ClaimModel, choice: ClaimModel['choices'][number]): boolean {
    const line = claim.lines.find(({ line: number }) => number === choice.line)!;
    return ['submitted', 'under_review', 'action_required', 'disputed'].includes(line.phase) && line.rivalry === null;
  }

  private async file(): Promise<void> {
    const company = this.dice.pick(this.companies);
    const products = this.dice.chance(0.7) ? [this.dice.pick(workloads)] : workloads.slice(0, 2);
    const isSubmitted = this.dice.chance(0.7);
    const hasEvidence = isSubmitted || this.dice.chance(0.6);
    const signedOn = this.signature();
    const number = this.nextNumber++;
    const name = `Claim ${number}`;
    const contact = `contact.${number}@${this.customer.domain}`;
    const partnerEmail = `claims.${number}@of-${this.customer.domain}`;
    const body = {
      programme: this.programme,
      name,
      partnerId: company.offices[0],
      tenantId: this.customer.tenantId,
      domain: this.customer.domain,
      area: 'modern_work_security',
      lines: products.map((product) => ({ product, activities: ['usage'] })),
      contacts: {
        customer: { name: 'A Customer', title: 'Head of IT', email: contact },
        partner: { name: 'A Partner', email: partnerEmail },
      },
      acknowledgementVersion: 1,
      evidence: hasEvidence ? [{ fileName: 'statement-of-work.pdf', contentBase64: evidence64, signedOn }] : [],
      submit: isSubmitted,
    };
    await this.untilClear(null);
    const partner = this.cast.partners.get(company.accountId)!.claims;
    this.commands++;
    const settled = await partner.send('POST', '/v1/claims', body, null, this.dice.chance(0.05));
    this.count('file', settled);
    settle(this.model, settled.span.from);
    const expected = barsOfNew(this.model, company.accountId, products, isSubmitted);
    if (!isSame(expected, settled.codes)) {
      this.fault(
        'wrong',
        '-',
        `A claim of ${company.legalName} for ${products.join()} came to ${told(settled.codes)} instead of ${told(expected)}.`,
      );
      return;
    }
    if (settled.result === 'refused') {
      // Somebody else may file the next one.
      return;
    }
    const claimId = settled.body['claimId'] as string;
    const claim: ClaimModel = {
      claimId,
      number: (settled.body['number'] as string | undefined) ?? (await this.read(claimId)).number,
      account: company.accountId,
      partnerId: company.offices[0],
      name,
      contact,
      partnerEmail,
      lines: products.map((product, index) => newLine(index + 1, product)),
      notices: [],
      choices: [],
      evidenceOn: hasEvidence ? signedOn : null,
      submittedAt: null,
      competesSince: null,
      hasSupplied: true,
      events: [],
      mails: [],
      tenures: [],
    };
    file(this.model, claim, isSubmitted, hasEvidence, settled.span);
    if (isSubmitted) await this.noteSubmission(claim);
  }

  private signature(): string {
    return new Date(Date.now() - this.dice.between(20, 60) * day).toISOString().slice(0, 10);
  }

  // --- Steps by who takes them

  private asPartner(claim: ClaimModel, type: string, noun: string, body: object, more: Partial<Step> = {}): Promise<boolean> {
    const sender = this.cast.partners.get(claim.account)!.claims;
    return this.take({ type, claim: claim.claimId, ...more }, (etag) =>
      sender.send(
        'POST',
        `/v1/claims/${claim.claimId}/${noun}`,
        body,
        noun === 'submissions' || noun === 'withdrawals' ? etag : null,
        this.dice.chance(0.05),
      ),
    );
  }

  private async asReviewer(claim: ClaimModel, step: Omit<Step, 'claim'>, noun: string, body: object): Promise<boolean> {
    const reviewer = this.cast.reviewers.find(({ name }) => name === step.reviewer) ?? this.dice.pick(this.cast.reviewers);
    const isTwice = this.dice.chance(0.05);
    return this.take({ ...step, reviewer: reviewer.name, claim: claim.claimId }, (etag) =>
      reviewer.sender.send('POST', `/v1/claims/${claim.claimId}/${noun}`, body, etag, isTwice),
    );
  }

  private asCustomer(claim: ClaimModel, step: Omit<Step, 'claim'>, noun: string, body: object): Promise<boolean> {
    return this.take({ ...step, claim: claim.claimId }, () =>
      this.admin.send('POST', `/v1/claims/${claim.claimId}/${noun}`, body, null, this.dice.chance(0.1)),
    );
  }

  private edit(claim: ClaimModel): Promise<boolean> {
    const sender = this.cast.partners.get(claim.account)!.claims;
    const name = `Claim ${this.nextNumber++}`;
    return this.take({ type: 'edit', claim: claim.claimId, name }, async (etag) => {
      const settled = await sender.send('PATCH', `/v1/claims/${claim.claimId}`, { name }, etag);
      return settled;
    });
  }

  private discard(claim: ClaimModel): Promise<boolean> {
    const sender = this.cast.partners.get(claim.account)!.claims;
    return this.take({ type: 'discard', claim: claim.claimId }, (etag) =>
      sender.send('DELETE', `/v1/claims/${claim.claimId}`, undefined, etag),
    );
  }

  private addEvidence(claim: ClaimModel): Promise<boolean> {
    const signedOn = this.signature();
    const form = new FormData();
    form.set('signedOn', signedOn);
    form.set('file', new Blob([evidenceFile], { type: 'application/pdf' }), 'addendum.pdf');
    const sender = this.cast.partners.get(claim.account)!.claims;
    return this.take({ type: 'evidence', claim: claim.claimId, signedOn }, () =>
      sender.send('POST', `/v1/claims/${claim.claimId}/evidence`, form),
    );
  }

  private async answer(claim: ClaimModel): Promise<void> {
    if (!(await this.addEvidence(claim))) return;
    const comment = this.dice.chance(0.5) ? 'Attached.' : undefined;
    await this.asPartner(claim, 'answer', 'answers', { comment }, { comment });
  }

  private reject(claim: ClaimModel, lines: number[] | undefined): Promise<boolean> {
    const reason = 'evidence_insufficient';
    return this.asReviewer(claim, { type: 'reject', lines, reason }, 'decisions', { outcome: 'reject', reason, lines });
  }

  private async transfer(claim: ClaimModel): Promise<void> {
    const { offices } = this.companies.find(({ accountId }) => accountId === claim.account)!;
    const partnerId = this.dice.pick(offices);
    await this.asPartner(claim, 'transfer', 'transfers', { partnerId }, { partnerId });
  }

  private decideDispute(claim: ClaimModel, lines: number[] | undefined): Promise<boolean> {
    const outcome = this.dice.pick(['approve', 'approve', 'ask', 'final']);
    const reasons = outcome === 'ask' ? { reasons: ['dates_missing_or_old'] } : {};
    return this.asReviewer(claim, { type: 'decideDispute', lines, outcome }, 'dispute-decisions', { outcome, lines, ...reasons });
  }

  private async askToChoose(claim: ClaimModel, line: LineModel): Promise<void> {
    const isDone = await this.asReviewer(claim, { type: 'choices', lines: [line.line] }, 'choices', { line: line.line });
    if (!isDone) return;
    const choice = findClaim(this.model, claim.claimId).choices.at(-1)!;
    const { body } = await this.admin.get<{ items: { choiceId: string; claimId: string }[] }>(
      `/v1/tenants/${this.customer.tenantId}/choices`,
    );
    const known = this.model.claims.flatMap(({ choices }) => choices.map(({ choiceId }) => choiceId));
    choice.choiceId = body.items.find((item) => item.claimId === claim.claimId && !known.includes(item.choiceId))!.choiceId;
  }

  private choose(claim: ClaimModel, choiceId: string, winner: string): Promise<boolean> {
    return this.asCustomer(claim, { type: 'choose', choiceId, winner }, `choices/${choiceId}/answers`, { claimId: winner });
  }

  private async decideRivals(claim: ClaimModel, { line }: LineModel): Promise<void> {
    await this.untilClear(claim);
    settle(this.model, Date.now());
    const current = findClaim(this.model, claim.claimId);
    const contested = current.lines.find((one) => one.line === line)!;
    const settled = settleRivals(this.model, current, contested);
    if (settled === null) return;
    const { winner, step } = settled;
    await this.asReviewer(claim, { type: 'decideRivals', lines: [line], winner, reason: step }, 'rival-decisions', {
      line,
      winner,
      step,
      comment: 'By the order of decision.',
    });
  }

  /** The customer refuses: by the administrator's account, or by the link in a mail. */
  private async optOut(claim: ClaimModel, lines: number[] | undefined): Promise<void> {
    const link = this.linkOf(claim);
    const covered = claim.notices.flatMap((notice) => notice.lines);
    const meant = claim.lines.filter(({ line, phase }) => covered.includes(line) && ['consent_pending', 'official'].includes(phase));
    if (link === null || meant.length === 0 || this.dice.chance(0.4)) {
      const blocks = this.dice.chance(0.1);
      await this.asCustomer(claim, { type: 'optOut', lines, blocks }, 'opt-outs', { lines, ...(blocks && { blockPartner: true }) });
      return;
    }
    const named = numbersOf(meant.filter(({ line }) => lines?.includes(line) ?? true));
    const refused = named.length > 0 ? named : numbersOf(meant);
    await this.take({ type: 'optOut', claim: claim.claimId, lines: refused }, () => this.refuseByLink(claim, link, refused));
  }

  private async refuseByLink(claim: ClaimModel, link: string, lines: number[]): Promise<Settled> {
    const before = (await this.historyOf(claim)).at(-1)!.version;
    const { status, span } = await answerPage(link, (html) => {
      const fields = new URLSearchParams({ formToken: formTokenOf(html), reason: '', scope: 'selected' });
      for (const line of lines) fields.append('line', String(line));
      return fields;
    });
    if (status !== 303) return { result: 'refused', codes: [`page_${status}`], status, body: {}, span };
    // The page tells only that the answer is stored; whoever reads the claim sees what became of it.
    const isHere = async () =>
      (await this.historyOf(claim)).some(({ version, type, by }) => version > before && refusals.includes(type) && by.kind === 'customer');
    await this.until('a refusal by link to be recorded', isHere);
    return { result: 'done', codes: [], status, body: {}, span };
  }

  private linkOf({ number, contact }: ClaimModel): string | null {
    const mails = this.stage.relay.received.filter((mail) => mail.kind === 'notice' && mail.number === number);
    const own = mails.filter(({ to }) => to === contact);
    return (this.dice.chance(0.7) ? own.at(-1) : mails.at(-1))?.link ?? null;
  }

  /** Refuses within a moment of the window's end, on either side of it. */
  private async optOutAtTheBrink(claim: ClaimModel): Promise<void> {
    const { closesAt } = claim.notices.at(-1)!;
    if (closesAt === null) return;
    await delay(Math.max(0, closesAt - Date.now() + this.dice.between(-400, 400)));
    await this.optOut(claim, undefined);
  }

  // --- Usage

  private async readUsage(claim: ClaimModel): Promise<void> {
    await this.untilClear(claim);
    const view = await this.read(claim.claimId);
    const line = view.lines.find(({ association }) => association !== null);
    if (line?.association == null) return;
    const { associationId } = line.association;
    settle(this.model, Date.now());
    const path = `/v1/associations/${associationId}/usage?set=workload_usage`;
    const { partnerId } = claim;
    const target = `workload:${this.customer.tenantId}:${line.product}`;
    const isLive = findClaim(this.model, claim.claimId).lines.find((one) => one.line === line.line)!.phase === 'official';
    const own = await this.cast.partners.get(claim.account)!.viewer.get<UsagePage>(path);
    const users = own.body.items?.map(({ values }) => values.MonthlyActiveUsers);
    const expected = isLive ? [200, this.customer.users[line.product]] : [403, undefined];
    const seen = [own.status, users?.[0]];
    if (seen[0] !== expected[0] || seen[1] !== expected[1]) {
      this.fault(
        own.status === 200 ? 'early' : 'wrong',
        claim.claimId,
        `Usage was answered ${seen.map(String).join(' with ')}, expected ${expected.map(String).join(' with ')}.`,
      );
    }
    this.reads.push({ kind: isLive ? 'read' : 'refused', partnerId, target, attempts: own.attempts });
    const stranger = this.companies.find(({ accountId }) => accountId !== claim.account)!;
    const foreign = await this.cast.partners.get(stranger.accountId)!.viewer.get(path);
    if (foreign.status !== 404) this.fault('early', claim.claimId, `Another company's read of usage was answered ${foreign.status}.`);
  }

  // --- Taking a step and judging its outcome

  /** Takes a step and compares its outcome with the model's. Returns whether it was done. */
  private async take(step: Step, send: (etag: string) => Promise<Settled>): Promise<boolean> {
    const claim = findClaim(this.model, step.claim);
    await this.untilClear(claim);
    let settled: Settled;
    do {
      const etag = await this.etagOf(step.claim);
      this.commands++;
      settled = await send(etag);
      // The mail server's answers change the claim too.
    } while (settled.status === 412 || settled.codes.includes('version_conflict'));
    this.count(step.type, settled);
    await this.judge(step, settled);
    return settled.result === 'done' && this.faults.length === 0;
  }

  private count(type: string, { result }: Settled): void {
    const counts = (this.steps[type] ??= [0, 0]);
    counts[result === 'done' ? 0 : 1]++;
  }

  private async judge(step: Step, settled: Settled): Promise<void> {
    const { from, to } = settled.span;
    await this.learnOfWindow(findClaim(this.model, step.claim), to);
    settle(this.model, from);
    const late = structuredClone(this.model);
    const hasClosed = settle(late, to);
    const codes = refusalOf(this.model, step);
    const lateCodes = refusalOf(late, step);
    const isEarly = isSame(codes, settled.codes);
    const isLate = isSame(lateCodes, settled.codes);
    if (!isEarly && !isLate) {
      const expected = hasClosed ? `${told(codes)} or ${told(lateCodes)}` : told(codes);
      const { lines, notices } = findClaim(this.model, step.claim);
      const known = lines.map(({ line, phase, rejection }) => `${line} ${phase}${rejection === null ? '' : ` (${rejection})`}`).join(', ');
      const windows = notices.map(({ closesAt }) => (closesAt === null ? 'none' : new Date(closesAt).toISOString())).join(', ');
      const what = `${JSON.stringify(step)} came to ${told(settled.codes)} instead of ${expected}`;
      const sent = `${new Date(settled.span.from).toISOString()} to ${new Date(settled.span.to).toISOString()}`;
      this.fault('wrong', step.claim, `${what}. Sent ${sent}; the model has lines ${known} and windows until ${windows}.`);
      return;
    }
    let span: Span = { from, to };
    let isAfter = !isEarly;
    if (hasClosed && settled.result === 'done') {
      // A window closed meanwhile: the event tells when the command was received, which must be consistent with what became of it.
      const at = await this.instantOf(findClaim(this.model, step.claim), span);
      if (at !== null) {
        span = { from: at, to: at };
        isAfter = settle(structuredClone(this.model), at);
      }
    }
    if (isAfter) settle(this.model, to);
    if (settled.result === 'refused') return;
    apply(this.model, step, span, this.customer.admin.email);
    const claim = findClaim(this.model, step.claim);
    const { type } = step;
    if (['submit', 'answer'].includes(type)) await this.noteSubmission(claim);
    const isNotified = type === 'approve' || type === 'resend' || (type === 'decideDispute' && step.outcome === 'approve');
    if (isNotified) await this.afterNotice(claim);
  }

  /** The exact instant of a submission decides between rivals with equal evidence. */
  private async noteSubmission(claim: ClaimModel): Promise<void> {
    const first = (await this.historyOf(claim)).find(({ type }) => type === 'ClaimSubmitted');
    if (first !== undefined) claim.submittedAt = Date.parse(first.at);
  }

  private async instantOf(claim: ClaimModel, { from, to }: Span): Promise<number | null> {
    const entries = (await this.historyOf(claim)).filter(({ by }) => by.kind !== 'system').map(({ at }) => Date.parse(at));
    return entries.findLast((at) => at >= from - 5 && at <= to + 5) ?? null;
  }

  /** Mostly waits for the mail server's answers; sometimes the partner or the customer acts before the mails are out. */
  private async afterNotice(claim: ClaimModel): Promise<void> {
    if (this.dice.chance(0.12)) {
      // By now the mail server may have refused everybody, of which the partner is told.
      claim.mails.push({ to: claim.partnerEmail, kind: 'notice_failure', isOptional: true });
      const covered = claim.notices.at(-1)!.lines;
      if (this.dice.chance(0.5)) await this.asPartner(claim, 'withdraw', 'withdrawals', { lines: covered }, { lines: covered });
      else await this.asCustomer(claim, { type: 'optOut', lines: covered }, 'opt-outs', { lines: covered });
      return;
    }
    await this.untilNoticeIsOut(claim);
    if (claim.notices.at(-1)!.recipients.every(({ state }) => state === 'failed')) {
      await this.asReviewer(claim, { type: 'resend' }, 'notices', {});
    }
  }

  /** A command that was sent before the mails were out may have been repeated until a window had begun and closed. */
  private async learnOfWindow(claim: ClaimModel, before: number): Promise<void> {
    const notice = claim.notices.at(-1);
    if (notice === undefined || notice.isSettled || notice.closesAt !== null) return;
    const { closesAt } = (await this.read(claim.claimId)).notices.at(-1)!;
    if (closesAt !== null && Date.parse(closesAt) < before) notice.closesAt = Date.parse(closesAt);
  }

  /** Waits for the mail server's answers. A window may close first: then what was not sent by that time no longer is. */
  private async untilNoticeIsOut(claim: ClaimModel): Promise<void> {
    const notice = claim.notices.at(-1)!;
    let shown!: ClaimView['notices'][number];
    await this.until('a notice to be delivered', async () => {
      const { notices, lines } = await this.read(claim.claimId);
      shown = notices.at(-1)!;
      const isOver = lines.every(({ line, phase }) => !notice.lines.includes(line) || phase !== 'consent_pending');
      return isOver || shown.recipients.every(({ state }) => state !== 'pending');
    });
    notice.isSettled = shown.recipients.every(({ state }) => state !== 'pending');
    notice.closesAt = shown.closesAt === null ? null : Date.parse(shown.closesAt);
    for (const recipient of notice.recipients) {
      const kind = recipient.email === claim.contact ? 'contact' : 'tenant_admin';
      const { state } = shown.recipients.find((one) => one.kind === kind)!;
      recipient.state = state === 'bounced' ? 'failed' : state;
    }
    const isReached = notice.recipients.some(({ state }) => state === 'accepted');
    if (isReached !== (notice.closesAt !== null)) this.fault('wrong', claim.claimId, `A notice has ${JSON.stringify(shown)}.`);
    if (!isReached) claim.mails.push({ to: claim.partnerEmail, kind: 'notice_failure', isOptional: false });
  }

  // --- Waiting

  /** Waits while a window of another claim is about to close or has closed without being recorded: such steps would race. */
  private async untilClear(claim: ClaimModel | null): Promise<void> {
    for (const other of this.model.claims) {
      if (other.claimId === claim?.claimId) continue;
      for (const line of linesIn(other, ['consent_pending'])) {
        const { closesAt } = other.notices[line.notice!]!;
        if (closesAt !== null && closesAt < Date.now() + clearanceMs) await this.untilClosed(other, line, closesAt);
      }
    }
    settle(this.model, Date.now());
  }

  private async untilWindowsClose(): Promise<void> {
    for (const claim of this.model.claims) {
      for (const line of linesIn(claim, ['consent_pending'])) {
        const { closesAt } = claim.notices[line.notice!]!;
        if (closesAt !== null) await this.untilClosed(claim, line, closesAt);
      }
    }
    settle(this.model, Date.now());
  }

  private async untilClosed(claim: ClaimModel, line: LineModel, closesAt: number): Promise<void> {
    await delay(Math.max(0, closesAt - Date.now() + 1));
    await this.until(`the window of ${claim.claimId} to be closed`, async () => {
      const { phase } = (await this.read(claim.claimId)).lines.find((one) => one.line === line.line)!;
      return phase !== 'consent_pending';
    });
  }

  private async until(what: string, condition: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + longestWaitMs;
    while (!(await condition())) {
      if (performance.now() > end) throw new Error(`Waited in vain for ${what}.`);
      await delay(pollMs);
    }
  }

  // --- Reading

  async read(claimId: string): Promise<ClaimView> {
    const { status, body } = await this.cast.reviewers[0]!.sender.get<ClaimView>(`/v1/claims/${claimId}`);
    if (status !== 200) throw new Error(`Claim ${claimId} was answered ${status}.`);
    return body;
  }

  private async etagOf(claimId: string): Promise<string> {
    return (await this.cast.reviewers[0]!.sender.get(`/v1/claims/${claimId}`)).etag;
  }

  historyOf({ claimId }: ClaimModel): Promise<HistoryEntry[]> {
    return this.cast.reviewers[0]!.sender.all<HistoryEntry>(`/v1/claims/${claimId}/history?order=oldest`);
  }

  get window(): number {
    return this.windowMs;
  }

  get vendor(): Sender {
    return this.cast.vendor;
  }

  get customerAdmin(): Sender {
    return this.admin;
  }
}

interface Move {
  weight: number;
  go: () => Promise<void>;
}

interface UsagePage {
  items?: { values: { MonthlyActiveUsers: number } }[];
}

const refusals = ['CustomerDeclined', 'AssociationEnded'];

const isSame = (expected: string[], actual: string[]): boolean => [...new Set(expected)].sort().join() === [...actual].sort().join();
const told = (codes: string[]): string => (codes.length === 0 ? 'done' : codes.join(' and '));
