import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import {
  allHandlersFinished,
  condition,
  makeContinueAsNewFunc,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Phase, Position } from '#libs/claims/index.js';
import type { Execution } from '#libs/inbox/index.js';
import { searchAttributes } from '../temporal.config.js';
import { Alarm } from './alarm.js';
import {
  type ClaimProcessView,
  type ClaimReference,
  claimProcessQuery,
  commandSignals,
  isExecuted,
  type NamingSignal,
  type SignalBody,
  type SignalCommand,
  wakeSignal,
} from './messages.js';
import { Outgoing } from './outgoing.js';
import { acceptSignal, executeCommands, lookUpDirectory } from './steps.js';

const partnerAttribute = defineSearchAttributeKey(searchAttributes.partner, 'KEYWORD');
const phaseAttribute = defineSearchAttributeKey(searchAttributes.phase, 'KEYWORD');
const alarmAttribute = defineSearchAttributeKey(searchAttributes.alarmAt, 'DATETIME');

type ClaimWorkflow = (claim: ClaimReference) => Promise<void>;

/**
 * Handles a claim's messages and clocks, one at a time. A message says that a command is stored, or that it was executed and what the claim waits
 * for since. Handlers only note that: the workflow's main function alone acts on it, so a message that arrives last is never left unprocessed.
 */
export class ClaimMailbox {
  private wakeUps = 0;
  private answeredWakeUps = 0;
  private rawSignals = 0;
  private namingSignals: NamingSignal[] = [];
  /** What was executed elsewhere: by the API, or by the step that sent a notice. */
  private readonly executedElsewhere: Execution[] = [];
  private position: Position | null = null;
  private wakeInMs: number | null = null;
  private step: ClaimProcessView['step'] = 'waiting';
  private readonly alarm = new Alarm();
  private readonly outgoing: Outgoing;
  private firstSubmission: number | null = null;

  constructor(private readonly claimId: string) {
    this.outgoing = new Outgoing(claimId, (execution) => this.note(execution));
    setHandler(wakeSignal, () => this.wake());
    setHandler(claimProcessQuery, () => this.view());
    for (const signal of commandSignals) setHandler(signal, (body) => this.receiveSignal(signal.name, body));
    // A command that was executed arrives as a signal of its own name, and one that its sender waits for as an Update.
    setDefaultSignalHandler((_name, body) => (isExecuted(body) ? this.note(body.execution) : this.wake()));
    setDefaultUpdateHandler(async (_name, command) => {
      await this.wake();
      return command;
    });
  }

  get isOpen(): boolean {
    return this.position?.isOpen === true;
  }

  get hasNoticeToSend(): boolean {
    return this.outgoing.noticesUnderWay.size > 0 || (this.position?.noticesToSend.length ?? 0) > 0;
  }

  get isAwaitingSignature(): boolean {
    return this.position?.isAwaitingSignature === true;
  }

  hasLineIn(phases: Phase[]): boolean {
    return this.position?.lines.some((line) => phases.includes(line.phase)) === true;
  }

  /** Waits for a message, a clock or a delivery, and acts on it. */
  async nextChange(): Promise<void> {
    this.outgoing.startNotices(this.position?.noticesToSend ?? []);
    this.showInSearch();
    this.alarm.set(this.position?.alarm?.at ?? null, this.wakeInMs, this.position?.alarm?.clock);
    await condition(() => this.hasMessages() || this.alarm.hasFired || this.isNextRunDue());
    if (this.alarm.hasFired && this.position?.alarm?.needsDirectory) await this.askDirectory();
    await this.catchUp();
    await this.beginNextRunAfterResubmission();
  }

  /** Learns what was executed elsewhere, and executes what was not: every stored command, and every deadline that has passed. */
  async catchUp(): Promise<void> {
    for (let next = this.executedElsewhere.shift(); next !== undefined; next = this.executedElsewhere.shift()) await this.learn(next);
    if (this.position === null || this.hasWakeUps() || this.alarm.hasFired) await this.drain();
    this.step = 'waiting';
    this.firstSubmission ??= this.position?.submission ?? null;
  }

  private async drain(): Promise<void> {
    const upTo = this.wakeUps;
    const signals = this.namingSignals.splice(0);
    let execution: Execution;
    do {
      this.step = 'draining_inbox';
      execution = await executeCommands({ claimId: this.claimId, ...(signals.length > 0 && { signals }) });
      await this.learn(execution);
      if (execution.needsDirectory) await this.askDirectory();
    } while (execution.needsDirectory);
    this.answeredWakeUps = upTo;
  }

  private async learn(execution: Execution): Promise<void> {
    // Messages may overtake each other, but versions only grow.
    if (this.position === null || execution.position.version >= this.position.version) {
      this.position = execution.position;
      this.wakeInMs = execution.wakeInMs;
      this.alarm.reset();
    }
    this.step = 'notifying_others';
    await this.outgoing.notifyOthers(execution);
  }

  private note(execution: Execution): void {
    this.executedElsewhere.push(execution);
  }

  /** Whether the run continues. It ends only when every letter is sent and every message answered: the last one may reopen the claim. */
  async staysOpen(): Promise<boolean> {
    const isIdle = () => !this.outgoing.isSendingLetters && allHandlersFinished();
    while (!this.isOpen && (this.hasMessages() || !isIdle())) {
      this.alarm.set(null, null);
      await condition(() => this.hasMessages() || isIdle());
      if (this.hasMessages()) await this.catchUp();
    }
    return this.isOpen;
  }

  private hasMessages(): boolean {
    return this.hasWakeUps() || this.executedElsewhere.length > 0;
  }

  private hasWakeUps(): boolean {
    return this.wakeUps > this.answeredWakeUps;
  }

  private async wake(): Promise<void> {
    const mine = ++this.wakeUps;
    await condition(() => this.answeredWakeUps >= mine);
  }

  /**
   * Stores a signal that carries the message itself. One that names a stored command only wakes; if that command turns out not to be stored
   * when the inbox is drained, the signal counts as a message too.
   */
  private async receiveSignal(name: SignalCommand, sent: SignalBody | null): Promise<void> {
    if (isExecuted(sent)) return this.note(sent.execution);
    const { runId } = workflowInfo();
    const body = sent ?? {};
    const { commandId } = body;
    if (typeof commandId === 'string') {
      this.namingSignals.push({ name, commandId, key: `${runId}/${name}/${commandId}`, body });
    } else {
      await acceptSignal({ claimId: this.claimId, name, key: `${runId}/${this.rawSignals++}`, body });
    }
    await this.wake();
  }

  private async askDirectory(): Promise<void> {
    this.step = 'querying_directory';
    await lookUpDirectory({ claimId: this.claimId });
  }

  /** Lets operators find claims by phase and next deadline. Not while the first mail is under way: both are about to change again. */
  private showInSearch(): void {
    if (this.position === null || this.position.waiting.some((wait) => wait.for === 'notice_delivery')) return;
    const known = workflowInfo().typedSearchAttributes;
    // A run that was started without attributes is in a namespace that lacks them: an upsert would block the claim.
    if (known.get(partnerAttribute) === undefined) return;
    const phase = this.position.phase;
    const alarmAt = this.position.alarm === null ? null : new Date(this.position.alarm.at);
    if (known.get(phaseAttribute) === phase && sameInstant(known.get(alarmAttribute), alarmAt)) return;
    upsertSearchAttributes([
      { key: phaseAttribute, value: phase },
      { key: alarmAttribute, value: alarmAt },
    ]);
  }

  /** Each submission gets a run of its own, so rounds of questions and answers never make one history long. */
  private async beginNextRunAfterResubmission(): Promise<void> {
    if (!this.isNextRunDue()) return;
    // A signal that is still being stored wakes us next: waiting for its handler alone would be a deadlock.
    await condition(() => this.hasMessages() || allHandlersFinished());
    if (this.hasMessages()) return;
    const partner = workflowInfo().typedSearchAttributes.get(partnerAttribute);
    const { phase, alarm } = this.position!;
    const typedSearchAttributes = new TypedSearchAttributes(
      partner === undefined
        ? []
        : [
            { key: partnerAttribute, value: partner },
            { key: phaseAttribute, value: phase },
            ...(alarm === null ? [] : [{ key: alarmAttribute, value: new Date(alarm.at) }]),
          ],
    );
    await makeContinueAsNewFunc<ClaimWorkflow>({ typedSearchAttributes })({ claimId: this.claimId });
  }

  /** Whether the claim was submitted again, and nothing is being sent any more that the next run would send a second time. */
  private isNextRunDue(): boolean {
    const { noticesUnderWay, isSendingLetters } = this.outgoing;
    const isNextSubmission = this.position?.isOpen === true && this.position.submission !== this.firstSubmission;
    return isNextSubmission && noticesUnderWay.size === 0 && !isSendingLetters;
  }

  private view(): ClaimProcessView {
    return { claimId: this.claimId, step: this.step, noticesUnderWay: [...this.outgoing.noticesUnderWay], position: this.position };
  }
}

const sameInstant = (a: Date | undefined, b: Date | null): boolean => a?.getTime() === b?.getTime();
