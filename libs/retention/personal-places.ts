import type { KeptReason, Queryable } from './erasure-report.js';
import type { ExportedItem, WantedPerson } from './exported-item.js';
import { answers, contacts, directory, files, importRows, letters, notices, texts, uploads, words } from './exported-places.js';
import type { PersonRow } from './personal-data-search.js';

/**
 * A place that can hold text by people or about people. Exports, erasures and the documentation are derived from this list, and a test checks
 * every column of the database against it.
 */
export interface PersonalPlace {
  /** `table.column`, with a path if only a part of it is about people. */
  columns: string[];
  /** How people relate to it, and thus how it is found. */
  whose: 'contact' | 'author' | 'named' | 'reader';
  /** Exports what belongs to a page of contacts and administrators. */
  exportForContacts?: (database: Queryable, persons: PersonRow[]) => Promise<ExportedItem[]>;
  /** Exports what is found by the email address, or by the subjects at the identity provider. */
  exportForPerson?: (database: Queryable, wanted: WantedPerson) => Promise<ExportedItem[]> | AsyncGenerator<ExportedItem[]>;
  /** The effect of a person's request: it is erased, or it is kept and reported with this reason. */
  onRequest: 'erased' | KeptReason;
  /** SQL that clears it for persons ($1), in addition to what `erase` does. */
  clearForPersons?: string;
  /** SQL that clears it for claims whose retention is over ($1), in addition to what `erase` does. */
  clearAfterRetention?: string;
}

export const personalPlaces: readonly PersonalPlace[] = [
  { columns: ['personal_data.content'], whose: 'contact', exportForContacts: contacts, onRequest: 'erased' },
  {
    columns: ['notice_recipients.response', 'notice_recipients.fault', 'notice_recipients.token_hash'],
    whose: 'contact',
    exportForContacts: notices,
    onRequest: 'erased',
    clearForPersons: 'UPDATE notice_recipients SET response = NULL, fault = NULL WHERE person_id = ANY ($1)',
    // Links stop working with the claim.
    clearAfterRetention: 'UPDATE notice_recipients SET token_hash = NULL, response = NULL, fault = NULL WHERE claim_id = ANY ($1)',
  },
  {
    columns: ['letters.response', 'letters.fault'],
    whose: 'contact',
    exportForContacts: letters,
    onRequest: 'erased',
    clearForPersons: 'UPDATE letters SET response = NULL, fault = NULL WHERE person_id = ANY ($1)',
    clearAfterRetention: 'UPDATE letters SET response = NULL, fault = NULL WHERE claim_id = ANY ($1)',
  },
  {
    columns: ['signature_requests.token_hash', 'signature_requests.code_hash'],
    whose: 'contact',
    onRequest: 'erased',
    // Without its address the request can be neither read nor answered.
    clearForPersons: 'UPDATE signature_requests SET token_hash = NULL, code_hash = NULL WHERE person_id = ANY ($1)',
    clearAfterRetention: 'UPDATE signature_requests SET token_hash = NULL, code_hash = NULL WHERE claim_id = ANY ($1)',
  },
  // What people wrote through links or when signed in: opt-outs, choices, comments and reasons of all kinds.
  {
    columns: ['personal_data.content'],
    whose: 'author',
    exportForContacts: answers,
    exportForPerson: words,
    onRequest: 'erased',
  },
  // Fingerprints are hashes of what people typed. They only serve to recognise repeated requests, which do not occur after years.
  {
    columns: ['claim_commands.fingerprint'],
    whose: 'author',
    onRequest: 'erased',
    clearForPersons: `UPDATE claim_commands SET fingerprint = '' WHERE body ->> 'textId' = ANY ($1::text[])
      AND claim_id IN (SELECT claim_id FROM personal_data WHERE person_id = ANY ($1::uuid[]))`,
    clearAfterRetention: `UPDATE claim_commands SET fingerprint = '' WHERE claim_id = ANY ($1)`,
  },
  {
    columns: ['legal_holds.fingerprint'],
    whose: 'author',
    onRequest: 'erased',
    clearForPersons: `UPDATE legal_holds SET fingerprint = '' WHERE text_id = ANY ($1)`,
    clearAfterRetention: `UPDATE legal_holds SET fingerprint = '' WHERE claim_id = ANY ($1)`,
  },
  {
    columns: ['legal_hold_releases.fingerprint'],
    whose: 'author',
    onRequest: 'erased',
    clearForPersons: `UPDATE legal_hold_releases SET fingerprint = '' WHERE text_id = ANY ($1)`,
    clearAfterRetention: `UPDATE legal_hold_releases r SET fingerprint = '' FROM legal_holds h WHERE h.hold_id = r.hold_id AND h.claim_id = ANY ($1)`,
  },
  {
    columns: ['snapshots.fingerprint', 'snapshots.token_hash'],
    whose: 'author',
    onRequest: 'erased',
    clearForPersons: `UPDATE snapshots SET fingerprint = '' WHERE text_id = ANY ($1)`,
    // Links for third parties stop working with the claim.
    clearAfterRetention: `UPDATE snapshots SET token_hash = NULL, fingerprint = '' WHERE claim_id = ANY ($1)`,
  },
  { columns: ['personal_data.content'], whose: 'named', exportForContacts: texts, onRequest: 'named_in_text' },
  {
    columns: ['evidence_files.content', 'evidence_files.file_name'],
    whose: 'named',
    exportForContacts: files,
    exportForPerson: uploads,
    onRequest: 'evidence_retained',
  },
  { columns: ['claim_import_rows.content'], whose: 'named', exportForPerson: importRows, onRequest: 'import_waiting' },
  {
    columns: ['directory_tenant_admins.name', 'directory_tenant_admins.email'],
    whose: 'contact',
    exportForPerson: directory,
    onRequest: 'listed_in_directory',
  },
];
