import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import {
  allHandlersFinished,
  condition,
  makeContinueAsNewFunc,
  setDefaultUpdateHandler,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Phase, Position } from '#libs/claims/index.js';
import { searchAttributes } from '../temporal.config.js';
import { Alarm } from './alarm.js';
import type { claimWorkflow } from './claim.workflow.js';
import {
  type ClaimProcessView,
  claimProcessQuery,
  commandSignals,
  type NamingSignal,
  type SignalBody,
  type SignalCommand,
  signalCommands,
  wakeSignal,
} from './messages.js';
import { Outgoing } from './outgoing.js';
import { acceptSignal, executeCommands, lookUpDirectory } from './steps.js';

const partnerAttribute = defineSearchAttributeKey(searchAttributes.partner, 'KEYWORD');
const phaseAttribute = defineSearchAttributeKey(searchAttributes.phase, 'KEYWORD');
const alarmAttribute = defineSearchAttributeKey(searchAttributes.alarmAt, 'DATETIME');

/**
 * Takes a claim's messages and clocks, one at a time. Handlers only ring and wait; the workflow's main function, through `next`,
 * is the one place where the inbox is worked off, so a message that arrives last is never left behind.
 */
export class ClaimMailbox {
  private wakeUps = 0;
  private answered = 0;
  private storing = 0;
  private naming: NamingSignal[] = [];
  private position: Position | null = null;
  private wakeInMs: number | null = null;
  private step: ClaimProcessView['step'] = 'waiting';
  private readonly alarm = new Alarm();
  private readonly outgoing: Outgoing;
  private firstSubmission: number | null = null;

  constructor(private readonly claimId: string) {
    this.outgoing = new Outgoing(claimId, () => this.wakeUps++);
    // Each command arrives as an Update of its own name. All of them only wake the workflow, so none is registered: the inbox holds the command.
    setDefaultUpdateHandler(async (_name, command) => {
      await this.wake();
      return command;
    });
    signalCommands.forEach((name, index) => setHandler(commandSignals[index]!, (body) => this.takeSignal(name, body)));
    setHandler(wakeSignal, () => this.wake());
    setHandler(claimProcessQuery, () => this.view());
  }

  get isOpen(): boolean {
    return this.position?.isOpen === true;
  }

  get hasNoticeToSend(): boolean {
    return this.outgoing.noticesUnderWay.size > 0 || (this.position?.noticesToSend.length ?? 0) > 0;
  }

  hasLineIn(phases: Phase[]): boolean {
    return this.position?.lines.some((line) => phases.includes(line.phase)) === true;
  }

  /** Waits for a message, a clock or a delivery, and works off what it brought. */
  async next(): Promise<void> {
    this.outgoing.startNotices(this.position?.noticesToSend ?? []);
    this.showInSearch();
    this.alarm.set(this.position?.alarm?.at ?? null, this.wakeInMs, this.position?.alarm?.clock);
    await condition(() => this.hasMail() || this.alarm.hasFired);
    if (this.alarm.hasFired && this.position?.alarm?.needsDirectory) await this.askDirectory();
    await this.drain();
    await this.beginNextRunAfterResubmission();
  }

  /** Carries out every stored command, and every deadline that has passed, in one go. */
  async drain(): Promise<void> {
    const upTo = this.wakeUps;
    const signals = this.naming.splice(0);
    let isDone = false;
    while (!isDone) {
      this.step = 'draining_inbox';
      const execution = await executeCommands({ claimId: this.claimId, ...(signals.length > 0 && { signals }) });
      // Versions only grow: a repeated step brings the same position once more, never an older one.
      this.position = execution.position;
      this.wakeInMs = execution.wakeInMs;
      isDone = !execution.needsDirectory;
      this.step = 'notifying_others';
      await this.outgoing.passOn(execution);
      if (!isDone) await this.askDirectory();
    }
    this.step = 'waiting';
    this.firstSubmission ??= this.position!.submission;
    this.alarm.reset();
    this.answered = upTo;
  }

  /** Whether the run goes on. It ends only when every letter is sent and every message has its answer: the last one may open the claim again. */
  async staysOpen(): Promise<boolean> {
    const isIdle = () => !this.outgoing.isWriting && allHandlersFinished();
    while (!this.isOpen && (this.hasMail() || !isIdle())) {
      this.alarm.set(null, null);
      await condition(() => this.hasMail() || isIdle());
      if (this.hasMail()) await this.drain();
    }
    return this.isOpen;
  }

  private hasMail(): boolean {
    return this.wakeUps > this.answered;
  }

  private async wake(): Promise<void> {
    const mine = ++this.wakeUps;
    await condition(() => this.answered >= mine);
  }

  /**
   * A signal that carries the message itself is stored first. One that names a stored command only rings; whether its command is stored is seen
   * when the inbox is worked off, and what is not is taken for a message too.
   */
  private async takeSignal(name: SignalCommand, body: SignalBody): Promise<void> {
    const commandId: unknown = body?.['commandId' as keyof typeof body];
    if (typeof commandId === 'string') {
      this.naming.push({ name, commandId, key: `${workflowInfo().runId}/${name}/${commandId}`, body: body! });
    } else {
      const key = `${workflowInfo().runId}/${this.storing++}`;
      await acceptSignal({ claimId: this.claimId, name, key, body: body ?? {} });
    }
    await this.wake();
  }

  private async askDirectory(): Promise<void> {
    this.step = 'querying_directory';
    await lookUpDirectory({ claimId: this.claimId });
  }

  /** Lets operators find claims by phase and next deadline. While the first mail is under way the picture is about to change again. */
  private showInSearch(): void {
    if (this.position === null || this.position.waiting.some((wait) => wait.for === 'notice_delivery')) return;
    const known = workflowInfo().typedSearchAttributes;
    // It was started without, where the namespace has none: to show one would keep the claim from going on.
    if (known.get(partnerAttribute) === undefined) return;
    const phase = this.position.phase;
    const alarmAt = this.position.alarm === null ? null : new Date(this.position.alarm.at);
    if (known.get(phaseAttribute) === phase && sameInstant(known.get(alarmAttribute), alarmAt)) return;
    upsertSearchAttributes([
      { key: phaseAttribute, value: phase },
      { key: alarmAttribute, value: alarmAt },
    ]);
  }

  /** Each submission is a run of its own, so that rounds of questions and answers never make a history long. */
  private async beginNextRunAfterResubmission(): Promise<void> {
    if (!this.position?.isOpen || this.position.submission === this.firstSubmission) return;
    if (this.outgoing.noticesUnderWay.size > 0 || this.outgoing.isWriting) return;
    // A signal that is still being stored will ring: waiting for its handler alone would wait for ourselves.
    await condition(() => this.hasMail() || allHandlersFinished());
    if (this.hasMail()) return;
    const partner = workflowInfo().typedSearchAttributes.get(partnerAttribute);
    const { phase, alarm } = this.position;
    const shown = new TypedSearchAttributes(
      partner === undefined
        ? []
        : [
            { key: partnerAttribute, value: partner },
            { key: phaseAttribute, value: phase },
            ...(alarm === null ? [] : [{ key: alarmAttribute, value: new Date(alarm.at) }]),
          ],
    );
    await makeContinueAsNewFunc<typeof claimWorkflow>({ typedSearchAttributes: shown })({ claimId: this.claimId });
  }

  private view(): ClaimProcessView {
    return { claimId: this.claimId, step: this.step, noticesUnderWay: [...this.outgoing.noticesUnderWay], position: this.position };
  }
}

const sameInstant = (a: Date | undefined, b: Date | null): boolean => a?.getTime() === b?.getTime();
