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
import type { Execution } from '#libs/inbox/index.js';
import { searchAttributes } from '../temporal.config.js';
import { Alarm } from './alarm.js';
import {
  type ClaimProcessView,
  type ClaimReference,
  claimProcessQuery,
  commandSignals,
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
 * Handles a claim's messages and clocks, one at a time. Handlers only count a wake-up and wait: the inbox is drained by the workflow's main
 * function alone, through `nextChange`, so a message that arrives last is never left unprocessed.
 */
export class ClaimMailbox {
  private wakeUps = 0;
  private answeredWakeUps = 0;
  private rawSignals = 0;
  private namingSignals: NamingSignal[] = [];
  private position: Position | null = null;
  private wakeInMs: number | null = null;
  private step: ClaimProcessView['step'] = 'waiting';
  private readonly alarm = new Alarm();
  private readonly outgoing: Outgoing;
  private firstSubmission: number | null = null;

  constructor(private readonly claimId: string) {
    this.outgoing = new Outgoing(claimId, () => this.wakeUps++);
    // Each command arrives as an Update of its own name, and all of them only wake the workflow: the inbox holds the command.
    setDefaultUpdateHandler(async (_name, command) => {
      await this.wake();
      return command;
    });
    for (const signal of commandSignals) setHandler(signal, (body) => this.receiveSignal(signal.name, body));
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

  /** Waits for a message, a clock or a delivery, then drains the inbox. */
  async nextChange(): Promise<void> {
    this.outgoing.startNotices(this.position?.noticesToSend ?? []);
    this.showInSearch();
    this.alarm.set(this.position?.alarm?.at ?? null, this.wakeInMs, this.position?.alarm?.clock);
    await condition(() => this.hasWakeUps() || this.alarm.hasFired);
    if (this.alarm.hasFired && this.position?.alarm?.needsDirectory) await this.askDirectory();
    await this.drain();
    await this.beginNextRunAfterResubmission();
  }

  /** Executes every stored command and fires every deadline that has passed. */
  async drain(): Promise<void> {
    const upTo = this.wakeUps;
    const signals = this.namingSignals.splice(0);
    let execution: Execution;
    do {
      this.step = 'draining_inbox';
      execution = await executeCommands({ claimId: this.claimId, ...(signals.length > 0 && { signals }) });
      // Versions only grow: a repeated step returns the same position, never an older one.
      this.position = execution.position;
      this.wakeInMs = execution.wakeInMs;
      this.step = 'notifying_others';
      await this.outgoing.notifyOthers(execution);
      if (execution.needsDirectory) await this.askDirectory();
    } while (execution.needsDirectory);
    this.step = 'waiting';
    this.firstSubmission ??= execution.position.submission;
    this.alarm.reset();
    this.answeredWakeUps = upTo;
  }

  /** Whether the run continues. It ends only when every letter is sent and every message answered: the last one may reopen the claim. */
  async staysOpen(): Promise<boolean> {
    const isIdle = () => !this.outgoing.isSendingLetters && allHandlersFinished();
    while (!this.isOpen && (this.hasWakeUps() || !isIdle())) {
      this.alarm.set(null, null);
      await condition(() => this.hasWakeUps() || isIdle());
      if (this.hasWakeUps()) await this.drain();
    }
    return this.isOpen;
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
    if (!this.position?.isOpen || this.position.submission === this.firstSubmission) return;
    if (this.outgoing.noticesUnderWay.size > 0 || this.outgoing.isSendingLetters) return;
    // A signal that is still being stored wakes us next: waiting for its handler alone would be a deadlock.
    await condition(() => this.hasWakeUps() || allHandlersFinished());
    if (this.hasWakeUps()) return;
    const partner = workflowInfo().typedSearchAttributes.get(partnerAttribute);
    const { phase, alarm } = this.position;
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

  private view(): ClaimProcessView {
    return { claimId: this.claimId, step: this.step, noticesUnderWay: [...this.outgoing.noticesUnderWay], position: this.position };
  }
}

const sameInstant = (a: Date | undefined, b: Date | null): boolean => a?.getTime() === b?.getTime();
