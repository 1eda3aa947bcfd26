import type { DataSource } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { type ClaimDetails, commandTable, type CommandType, type Finding, shown } from '#libs/claims/index.js';
import type { EngineClaim } from '#libs/engine/index.js';
import {
  contentWithText,
  type DirectoryEvidence,
  type Execution,
  findCreatingCommand,
  sendTogether,
  type SentCommand,
} from '#libs/inbox/index.js';
import { Problem } from '#libs/problems/index.js';
import type { ProgrammeLibrary } from '#libs/programmes/index.js';
import { type ClaimRow, findClaim, findClaimCells, findClaimIds } from '#libs/read-models/index.js';
import { rowCommandId } from './create-row.js';
import type { RowWork } from './import-rows.js';
import type { ImportStore, OpenImport, RowSettlement, WaitingRow } from './import-store.js';
import { planUpdate, type UpdatePlan } from './plan-update.js';
import { type SentUpdate, type UpdateAction, updateActions } from './sent-update.js';

export interface UpdateDependencies {
  source: DataSource;
  library: ProgrammeLibrary;
  store: ImportStore;
  /** Asks the directory; null when it does not answer in time. */
  askDirectory: (claimId: string, details: ClaimDetails) => Promise<DirectoryEvidence | null>;
  /** Tells a claim's workflow what was executed; `isNew` when it has none yet. A lost call is made up for. */
  tell: (claim: EngineClaim & { isNew: boolean }, command: SentCommand<CommandType>, execution: Execution) => Promise<void>;
  /** Has a claim's workflow ask the directory and drain the claim's inbox. */
  wake: (claim: EngineClaim) => Promise<void>;
}

/** How often a row is planned anew because its claim has changed meanwhile. */
const attempts = 3;

/** Changes the claim of a row: its fields and its action together, or nothing. The outcome is stored in the same transaction. */
export const updating =
  (dependencies: UpdateDependencies): RowWork =>
  async (from, row) => {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const settlement = await new RowUpdate(dependencies, from, row).attempt();
      if (settlement !== 'moved') return settlement;
    }
    throw new Error(`Row ${row.row} of import ${from.importId}: its claim changes faster than the row can be planned.`);
  };

type Wanted = Extract<UpdatePlan, { result: 'wanted' }>;

class RowUpdate {
  private readonly sent: SentUpdate;
  private readonly commandId: string;

  constructor(
    private readonly dependencies: UpdateDependencies,
    private readonly from: OpenImport,
    private readonly row: WaitingRow,
  ) {
    this.sent = row.content as SentUpdate;
    this.commandId = rowCommandId(from.importId, row.row);
  }

  /** Returns `moved` when the claim has changed while the row was planned. */
  async attempt(): Promise<RowSettlement | null | 'moved'> {
    const { manager } = this.dependencies.source;
    const named = await this.identify();
    if (typeof named !== 'string') return { outcome: 'refused', findings: [named] };
    const claim = await findClaim(manager, this.scopes.edit, named);
    if (claim === null || !this.mayAct(claim)) return { outcome: 'refused', findings: [await this.unknown(named)] };
    const { claimId, version } = claim;
    const hasCells = Object.keys(this.sent.cells ?? {}).length > 0;
    const exported = hasCells ? await findClaimCells(manager, this.scopes.edit, claimId) : {};
    if (exported === null || (hasCells && exported['version'] !== String(version))) return 'moved';
    const plan = planUpdate(this.sent, claim, exported, this.commandId);
    const labels = claim.state.details;
    if (plan.result === 'refused') return { outcome: 'refused', claimId, findings: plan.findings, labels };
    if (plan.result === 'unchanged') return { outcome: 'unchanged', claimId, version, labels };
    return this.execute(claim, plan);
  }

  private get scopes() {
    if (this.from.scopes === null) throw new Error(`The import ${this.from.importId} is no update.`);
    return this.from.scopes;
  }

  private async identify(): Promise<string | Finding> {
    const { claim } = this.sent;
    if ('claimId' in claim) return claim.claimId;
    const [found, other] = await findClaimIds(this.dependencies.source.manager, this.scopes.edit, claim);
    if (found === undefined) return unknownClaim(claim);
    if (other === undefined) return found;
    const message = 'Several of your claims have this external reference. Name the claim by its number or id.';
    return { code: 'reference_ambiguous', severity: 'error', field: 'externalReference', line: null, message };
  }

  /** The permission for an action may extend to fewer locations than that for changes. */
  private mayAct({ state }: ClaimRow): boolean {
    const { action } = this.sent;
    return action === undefined || covers(this.scopes[action], state.details.partnerId);
  }

  private async unknown(claimId: string): Promise<Finding> {
    const { manager } = this.dependencies.source;
    const isBeingMade = (await findCreatingCommand(manager, claimId, this.from.actor.subject)) !== null;
    if (!isBeingMade) return unknownClaim(this.sent.claim);
    const message = 'The claim is still being created. Send the row again later.';
    return { code: 'claim_not_yet_made', severity: 'error', field: 'claimId', line: null, message };
  }

  private async execute(claim: ClaimRow, plan: Wanted): Promise<RowSettlement | null | 'moved'> {
    const { source, library, store, tell, wake } = this.dependencies;
    const { claimId, partnerAccountId, state } = claim;
    const { importId, isDryRun } = this.from;
    const details = { ...state.details, ...plan.changes };
    const commands = await this.commands(claim, details, plan);
    const settlementOf = ({ position }: Execution): RowSettlement => ({
      outcome: 'changed',
      claimId,
      version: position.version,
      changes: plan.fields,
      action: this.sent.action ?? null,
      findings: [],
      labels: details,
    });
    const together = await sendTogether(source, library, commands, {
      isTrial: isDryRun,
      alongside: (manager, execution) => store.settle(importId, this.row.row, settlementOf(execution), manager),
    });
    switch (together.result) {
      case 'repeated':
        return null;
      case 'undecided':
        await wake({ claimId, partnerAccountId });
        throw directoryAway();
      case 'refused': {
        const hasMoved = together.findings.some(({ code }) => code === 'version_conflict');
        return hasMoved ? 'moved' : { outcome: 'refused', claimId, findings: together.findings, labels: state.details };
      }
      case 'done': {
        if (isDryRun) return { ...settlementOf(together.execution), ...(await this.noteOnOrder(claimId)) };
        const isDraft = state.submission === 0;
        // A draft has no workflow until it is submitted.
        if (!isDraft || this.sent.action === 'submit')
          await tell({ claimId, partnerAccountId, isNew: isDraft }, commands.at(-1)!, together.execution);
        return null;
      }
    }
  }

  /** The edit and the action, so far as the row asks for them. */
  private async commands(claim: ClaimRow, details: ClaimDetails, plan: Wanted): Promise<SentCommand<CommandType>[]> {
    const { claimId, version, state } = claim;
    const { importId, actor } = this.from;
    const { action } = this.sent;
    const isEdited = plan.fields.length > 0;
    const types: CommandType[] = [...(isEdited ? (['editClaim'] as const) : []), ...(action === undefined ? [] : [updateActions[action]])];
    const isOfDraft = state.submission === 0 && action === undefined;
    const isAsked = types.some((type) => commandTable[type].needsDirectory);
    const evidence = isAsked ? await this.dependencies.askDirectory(claimId, details) : null;
    // A draft is saved even while the directory is silent; its submission asks again.
    if (isAsked && evidence === null && !isOfDraft) throw directoryAway();
    const common = { claimId, actor, request: { importId, row: this.row.row }, facts: evidence?.facts ?? null };
    const found = evidence?.personal ?? [];
    const edit: SentCommand<'editClaim'> = {
      ...common,
      type: 'editClaim',
      commandId: this.commandId,
      body: { changes: plan.changes },
      personal: [...plan.personal, ...found],
      expectedVersion: version,
    };
    if (action === undefined) return [edit];
    const actionId = rowCommandId(importId, this.row.row, ` ${action}`);
    const { body, personal = [] } = this.contentOf(action, actionId);
    const act = { ...common, type: updateActions[action], commandId: actionId, body, personal: [...personal, ...found] };
    return isEdited ? [edit, act] : [{ ...act, expectedVersion: version }];
  }

  private contentOf(action: UpdateAction, commandId: string) {
    const { reason } = this.sent;
    switch (action) {
      case 'submit':
        return contentWithText(commandId, reason, (textId) => ({ textId }));
      case 'withdraw':
        return contentWithText(commandId, reason, (textId) => ({ textId }));
      case 'disassociate':
        return contentWithText(commandId, reason, (textId) => ({ reason: 'partner_disassociated' as const, textId }));
    }
  }

  /** Rows of a dry run are tried on the claim as it is, without the rows before them. */
  private async noteOnOrder(claimId: string): Promise<{ findings?: Finding[] }> {
    const earlier = await this.dependencies.store.earlierRow(this.from.importId, this.row.row, claimId);
    if (earlier === null) return {};
    const message = `Row ${earlier} changes this claim first. This row was tried on the claim as it is now, without that change.`;
    return { findings: [{ code: 'claim_repeated', severity: 'warning', field: null, line: null, message }] };
  }
}

const covers = (scope: Scope, partnerId: string): boolean =>
  scope.kind === 'partner' && (scope.locations === 'all' || scope.locations.includes(partnerId));

/** The same for a claim that does not exist and for one that the sender may not change. */
function unknownClaim(claim: SentUpdate['claim']): Finding {
  const [[field, value] = ['claimId', '']] = Object.entries<string>(claim);
  return { code: 'not_found', severity: 'error', field, line: null, message: `You have no claim ${shown(value)}.` };
}

const directoryAway = (): Problem =>
  new Problem('service_unavailable', { detail: 'The customer directory has not answered. Send the row again later.' });
