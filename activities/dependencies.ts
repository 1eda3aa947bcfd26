import type { DataSource } from 'typeorm';
import type { DirectoryProvider } from '#libs/directory/index.js';
import type { EvidenceScanner, EvidenceStore } from '#libs/evidence/index.js';
import type { ClaimEngine } from '#libs/engine/index.js';
import type { ProgrammeLibrary } from '#libs/programmes/index.js';
import type { Mailer } from '#libs/notices/index.js';
import type { DeliveryDependencies } from '#libs/webhooks/index.js';

/** What signs webhooks and sends them. */
export type WebhookSender = Pick<DeliveryDependencies, 'secrets' | 'poster' | 'retrySpeed'>;

/** What the activities depend on; the worker creates each once. */
export interface ActivityDependencies {
  source: DataSource;
  library: ProgrammeLibrary;
  directory: DirectoryProvider;
  evidence: EvidenceStore;
  scanner: EvidenceScanner;
  mailer: Mailer;
  engine: ClaimEngine;
  publicUrl: string;
  mailFrom: string;
  linkKey: Uint8Array;
  /** Null when this installation sends no webhooks. */
  webhookSender: WebhookSender | null;
}
