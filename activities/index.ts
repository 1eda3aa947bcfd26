import { Settlement } from '#libs/reconciliation/index.js';
import { acceptSignalActivity } from './accept-signal.activity.js';
import type { ActivityDependencies } from './dependencies.js';
import { deliverWebhooksActivity } from './deliver-webhooks.activity.js';
import { claimExecutor, executeCommandsActivity } from './execute-commands.activity.js';
import { importRowsActivity } from './import-rows.activity.js';
import { lookUpDirectoryActivity } from './look-up-directory.activity.js';
import { repairClaimsActivity } from './repair-claims.activity.js';
import { wakeAssociationsActivity } from './wake-associations.activity.js';
import { wakeClaimsActivity } from './wake-claims.activity.js';
import { sendLettersActivity } from './send-letters.activity.js';
import { sendNoticeActivity } from './send-notice.activity.js';
import { scanEvidenceActivity } from './scan-evidence.activity.js';
import { settleOverdueActivity } from './settle-overdue.activity.js';

export type { ActivityDependencies, WebhookSender } from './dependencies.js';

/** Creates every activity, bound to its dependencies. Each has one side effect and may be repeated. */
export const createActivities = (dependencies: ActivityDependencies) => {
  const settlement = new Settlement(dependencies);
  const execute = claimExecutor(dependencies, settlement);
  return {
    executeCommands: executeCommandsActivity(dependencies, execute),
    lookUpDirectory: lookUpDirectoryActivity(dependencies),
    acceptSignal: acceptSignalActivity(dependencies),
    sendNotice: sendNoticeActivity(dependencies, execute),
    sendLetters: sendLettersActivity(dependencies),
    wakeClaims: wakeClaimsActivity(dependencies),
    wakeAssociations: wakeAssociationsActivity(dependencies),
    repairClaims: repairClaimsActivity(dependencies, settlement),
    settleOverdue: settleOverdueActivity(settlement),
    scanEvidence: scanEvidenceActivity(dependencies),
  };
};

/** Creates the activities of bulk work, which have a queue of their own. */
export const createBulkActivities = (dependencies: ActivityDependencies) => ({ importRows: importRowsActivity(dependencies) });

/** Creates the activities of webhooks, which have a queue of their own. */
export const createWebhookActivities = (dependencies: ActivityDependencies) => ({ deliverWebhooks: deliverWebhooksActivity(dependencies) });

export type Activities = ReturnType<typeof createActivities>;
export type BulkActivities = ReturnType<typeof createBulkActivities>;
export type WebhookActivities = ReturnType<typeof createWebhookActivities>;
