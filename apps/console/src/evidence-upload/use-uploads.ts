import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { call, isProblem, newKey } from '../api/index.js';
import { type Evidence, evidenceUpload, type EvidenceUploadData } from '../client/index.js';
import { checkFile, type EvidenceRules, type FileFault } from './check-file.js';
import { sendWithProgress } from './send-with-progress.js';

type Body = EvidenceUploadData['body'];

/** A file that has been chosen but is not part of the claim yet. */
export interface QueuedFile {
  id: string;
  file: File;
  /** Date of the customer's signature, as a date field gives it; empty if none. */
  signedOn: string;
  /** SHA-256 of the standard document that was signed; empty for another document. */
  templateSha256: string;
  supersedes: Evidence | null;
  /** Found before anything was sent: the file cannot be uploaded. */
  fault: FileFault | 'alreadyThere' | null;
  /** What the API said. */
  problem: string | null;
  /** Between 0 and 1 while the file is being sent, else null. */
  sent: number | null;
  idempotencyKey: string;
}

/** What a claim says about itself, recorded with a standard document. */
export type ClaimCover = Pick<Body, 'coverTenantId' | 'coverDomain' | 'coverProducts' | 'coverActivities'>;

export interface Uploads {
  queue: QueuedFile[];
  /** Documents of the claim that still count. */
  current: Evidence[];
  /** Whether "date missing" is said beside the first file. */
  isDateMissing: boolean;
  isSending: boolean;
  /** Whether a file is chosen that could be uploaded. */
  hasWork: boolean;
  add(files: File[], supersedes?: Evidence): void;
  change(id: string, changes: Partial<Pick<QueuedFile, 'signedOn' | 'templateSha256'>>): void;
  remove(id: string): void;
  /** Uploads everything that can be. Resolves to false if something is left that should have been uploaded. */
  send(): Promise<boolean>;
}

export interface UploadOptions {
  claimId: string;
  evidence: Evidence[];
  rules: EvidenceRules | undefined;
  cover?: ClaimCover;
  /** Called after each file; the claim has a new version then. */
  onUploaded?: (fileName: string) => void;
}

/** The files of a form that are to become evidence of a claim. Each is checked as soon as it is chosen. */
export function useUploads({ claimId, evidence, rules, cover, onUploaded }: UploadOptions): Uploads {
  const client = useQueryClient();
  const [queue, setQueue] = useState<QueuedFile[]>([]);
  const [isDateMissing, setDateMissing] = useState(false);
  const isSending = useRef(false);
  const patch = (id: string, changes: Partial<QueuedFile>) =>
    setQueue((files) => files.map((file) => (file.id === id ? { ...file, ...changes } : file)));
  const current = evidence.filter(({ supersededBy, erasedAt }) => supersededBy === null && erasedAt === null);
  const sendable = queue.filter(({ fault }) => fault === null);

  async function sendOne(queued: QueuedFile): Promise<boolean> {
    const { id, file, signedOn, templateSha256, supersedes, idempotencyKey } = queued;
    patch(id, { sent: 0, problem: null });
    const body: Body = {
      file,
      ...(signedOn !== '' && { signedOn }),
      ...(templateSha256 !== '' && { coverTemplateSha256: templateSha256, ...cover }),
      ...(supersedes !== null && { supersedes: supersedes.evidenceId }),
    };
    try {
      await call(() =>
        evidenceUpload({
          path: { claimId },
          headers: { 'Idempotency-Key': idempotencyKey },
          body,
          fetch: sendWithProgress((sent) => patch(id, { sent })),
        }),
      );
    } catch (error) {
      if (!isProblem(error)) throw error;
      // What the API has refused may be sent again only under another key; what may have arrived must keep its own.
      const key = error.status < 500 ? newKey() : idempotencyKey;
      const [first] = error.body.errors ?? [];
      patch(id, { sent: null, problem: first?.message ?? error.body.detail, idempotencyKey: key });
      return false;
    }
    setQueue((files) => files.filter((other) => other.id !== id));
    await client.invalidateQueries({ queryKey: ['claim', claimId] });
    onUploaded?.(file.name);
    return true;
  }

  return {
    queue,
    current,
    isDateMissing,
    isSending: queue.some(({ sent }) => sent !== null),
    hasWork: sendable.length > 0,
    add(files, supersedes) {
      const added = files.map((file) => ({
        id: newKey(),
        file,
        signedOn: queue.at(-1)?.signedOn ?? '',
        templateSha256: '',
        supersedes: supersedes ?? null,
        fault: queue.some((other) => isSame(other.file, file)) ? ('alreadyThere' as const) : null,
        problem: null,
        sent: null,
        idempotencyKey: newKey(),
      }));
      setQueue((before) => [...before, ...added]);
      if (rules === undefined) return;
      for (const { id, file, fault } of added) {
        if (fault !== null) continue;
        void checkFile(file, rules).then((found) => found !== null && patch(id, { fault: found }));
      }
    },
    change(id, changes) {
      if (changes.signedOn) setDateMissing(false);
      patch(id, changes);
    },
    remove: (id) => setQueue((files) => files.filter((file) => file.id !== id)),
    async send() {
      if (isSending.current) return false;
      // As the API at submission: one document with a date is enough.
      const hasDate = [...current, ...sendable].some(({ signedOn }) => Boolean(signedOn));
      setDateMissing(sendable.length > 0 && !hasDate);
      if (sendable.length > 0 && !hasDate) return false;
      isSending.current = true;
      try {
        let isDone = sendable.length === queue.length;
        for (const queued of sendable) isDone = (await sendOne(queued)) && isDone;
        return isDone;
      } finally {
        isSending.current = false;
      }
    },
  };
}

const isSame = (one: File, other: File) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
