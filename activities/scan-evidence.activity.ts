import { Context } from '@temporalio/activity';
import { v5 as uuidV5 } from 'uuid';
import { systemActor } from '#libs/claims/index.js';
import { sendAndExecute } from '#libs/inbox/index.js';
import { reportExecution, SharedDeadlines } from '#libs/reconciliation/index.js';
import { evidenceScan } from '../temporal.config.js';
import type { ActivityDependencies } from './dependencies.js';

type Needed = Pick<ActivityDependencies, 'source' | 'library' | 'evidence' | 'scanner' | 'engine'>;

/**
 * Scans the files that are in quarantine because the malware scanner did not answer when they were uploaded. Stops when it does not answer now either;
 * a file that it gives no verdict on holds up none behind it. Returns how many were scanned.
 */
export const scanEvidenceActivity = (dependencies: Needed) => {
  const { source, evidence, scanner } = dependencies;
  const deadlines = new SharedDeadlines(source);
  return async (): Promise<{ scanned: number }> => {
    let scanned = 0;
    for (const { id, claimId } of await evidence.waiting(evidenceScan.filesAtMost)) {
      Context.current().heartbeat();
      const content = await evidence.readWaiting(id);
      if (content === null) continue;
      const { result, scanner: by } = await scanner.scan(content);
      // Only a scanner's word opens the quarantine, and a worker may have been started without one.
      if (by === null) break;
      if (result !== 'clean' && result !== 'infected') continue;
      await record(dependencies, deadlines, { claimId, evidenceId: id, result, scanner: by });
      scanned++;
    }
    return { scanned };
  };
};

interface Scanned {
  claimId: string;
  evidenceId: string;
  result: 'clean' | 'infected';
  scanner: string;
}

async function record({ source, library, engine }: Needed, deadlines: SharedDeadlines, { claimId, ...scan }: Scanned): Promise<void> {
  const commandId = uuidV5('scan', scan.evidenceId);
  const body = scan;
  const type = 'recordEvidenceScan' as const;
  const { execution } = await sendAndExecute(source, library, { commandId, claimId, type, actor: systemActor, body, request: body });
  if (execution?.isNews !== true) return;
  const [claim] = await source.query<[{ partnerAccountId: string }]>(
    'SELECT partner_account_id AS "partnerAccountId" FROM claims WHERE claim_id = $1',
    [claimId],
  );
  const executed = { type, commandId, execution, executedAt: performance.now() };
  // What is not told is found by the reconciliation.
  await reportExecution(engine, deadlines, { claimId, ...claim }, executed).catch(() => undefined);
}
