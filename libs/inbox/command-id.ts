import { createHash } from 'node:crypto';
import { v5 as uuidV5 } from 'uuid';
import { canonicalJson } from '#libs/event-store/index.js';

const commandNamespace = '6f1f8a2e-0f0c-5e0a-9a55-0a4f6c1e7b11';

/** Makes the id of a command: the same sender's same key, for the same purpose, is the same command. */
export const commandIdOf = (subject: string, key: string, purpose = ''): string =>
  uuidV5(canonicalJson([subject, key, purpose]), commandNamespace);

/** Hashes what a sender asked for, to distinguish a repeat from another request under the same id. */
export const fingerprintOf = (request: unknown): string => createHash('sha256').update(canonicalJson(request)).digest('base64url');
