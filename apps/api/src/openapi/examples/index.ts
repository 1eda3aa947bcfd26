import { associationsExamples } from './associations.examples.js';
import { calendarsExamples } from './calendars.examples.js';
import { claimsExamples } from './claims.examples.js';
import { contactsExamples } from './contacts.examples.js';
import { evidenceExamples } from './evidence.examples.js';
import { healthExamples } from './health.examples.js';
import { importsExamples } from './imports.examples.js';
import { membersExamples } from './members.examples.js';
import { noticesExamples } from './notices.examples.js';
import { operationsExamples } from './operations.examples.js';
import { peopleExamples } from './people.examples.js';
import { problemsExamples } from './problems.examples.js';
import { programmesExamples } from './programmes.examples.js';
import { reportsExamples } from './reports.examples.js';
import { retentionExamples } from './retention.examples.js';
import { reviewsExamples } from './reviews.examples.js';
import { rivalsExamples } from './rivals.examples.js';
import { sandboxExamples } from './sandbox.examples.js';
import { sessionsExamples } from './sessions.examples.js';
import { signaturesExamples } from './signatures.examples.js';
import { snapshotsExamples } from './snapshots.examples.js';
import { tenantsExamples } from './tenants.examples.js';
import { updatesExamples } from './updates.examples.js';
import { usageExamples } from './usage.examples.js';
import { webhooksExamples } from './webhooks.examples.js';
import { writtenExamples } from './written.examples.js';

/** Examples by the name of their schema or, for a body without a named schema, of its operation and media type. */
export const examples: Readonly<Record<string, unknown>> = {
  ...associationsExamples,
  ...calendarsExamples,
  ...claimsExamples,
  ...contactsExamples,
  ...evidenceExamples,
  ...healthExamples,
  ...importsExamples,
  ...membersExamples,
  ...noticesExamples,
  ...operationsExamples,
  ...peopleExamples,
  ...problemsExamples,
  ...programmesExamples,
  ...reportsExamples,
  ...retentionExamples,
  ...reviewsExamples,
  ...rivalsExamples,
  ...sandboxExamples,
  ...sessionsExamples,
  ...signaturesExamples,
  ...snapshotsExamples,
  ...tenantsExamples,
  ...updatesExamples,
  ...usageExamples,
  ...webhooksExamples,
  ...writtenExamples,
};
