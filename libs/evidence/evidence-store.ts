import { Readable } from 'node:stream';
import type { ScanResult } from './evidence-scanner.js';

/** Runs one SQL statement: a pg pool or client, or TypeORM's DataSource, QueryRunner or EntityManager. */
interface Queryable {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

export interface EvidenceFile {
  id: string;
  claimId: string;
  sha256: string;
  mediaType: string;
  /** Null once erased. */
  fileName: string | null;
  sizeBytes: number;
  /** ISO date of the customer's signature, or null. */
  signedOn: string | null;
  /** Reference to the uploader, not a name. */
  uploadedBy: string;
  /** RFC 3339. */
  uploadedAt: string;
  supersededBy: string | null;
  scanResult: ScanResult;
  /** When the content and the name were erased, or null. */
  erasedAt: string | null;
}

export interface NewEvidence {
  /** Chosen by the caller, which makes the insert idempotent. */
  id: string;
  claimId: string;
  sha256: string;
  mediaType: string;
  fileName: string;
  content: Uint8Array;
  signedOn: string | null;
  uploadedBy: string;
  scanResult: ScanResult;
}

const columns = `id, claim_id as "claimId", sha256, media_type as "mediaType", file_name as "fileName", size_bytes as "sizeBytes",
  signed_on::text as "signedOn", uploaded_by as "uploadedBy",
  to_char(uploaded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "uploadedAt",
  superseded_by as "supersededBy", scan_result as "scanResult",
  to_char(erased_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "erasedAt"`;

/** Files are stored uncompressed, so reading a chunk costs no more than its size. */
const chunkBytes = 1024 * 1024;

/** Stores evidence files in PostgreSQL. Every look-up names the claim, so an ID alone never opens a file of another claim. */
export class EvidenceStore {
  constructor(private readonly database: Queryable) {}

  /** Stores a file. Repeating the call returns the stored file; the same ID with other content throws. */
  async insert(evidence: NewEvidence): Promise<EvidenceFile> {
    await this.database.query(
      `insert into evidence_files (id, claim_id, sha256, media_type, file_name, size_bytes, content, signed_on, uploaded_by, scan_result)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (id) do nothing`,
      [
        evidence.id,
        evidence.claimId,
        evidence.sha256,
        evidence.mediaType,
        evidence.fileName,
        evidence.content.byteLength,
        evidence.content,
        evidence.signedOn,
        evidence.uploadedBy,
        evidence.scanResult,
      ],
    );
    const stored = await this.find(evidence.claimId, evidence.id);
    if (stored?.sha256 !== evidence.sha256) throw new Error(`Evidence ${evidence.id} is already stored with other content.`);
    return stored;
  }

  async find(claimId: string, id: string): Promise<EvidenceFile | null> {
    const [file] = await this.select<EvidenceFile>(`select ${columns} from evidence_files where claim_id = $1 and id = $2`, [claimId, id]);
    return file ?? null;
  }

  /** Returns the files of a claim, oldest first, including superseded ones. */
  list(claimId: string): Promise<EvidenceFile[]> {
    return this.select(`select ${columns} from evidence_files where claim_id = $1 order by uploaded_at, id`, [claimId]);
  }

  /**
   * Opens the content as a stream, so that slow readers of large files need little memory. Returns null if the claim has no such file, if it was
   * erased, or if it is in quarantine.
   * @throws if the content no longer matches its hash.
   */
  async open(claimId: string, id: string): Promise<Readable | null> {
    const [row] = await this.select<{ isWhole: boolean; sizeBytes: number }>(
      `select encode(sha256(content), 'hex') = sha256 as "isWhole", size_bytes as "sizeBytes" from evidence_files
       where claim_id = $1 and id = $2 and erased_at is null and scan_result in ('clean', 'unscanned')`,
      [claimId, id],
    );
    if (row === undefined) return null;
    if (!row.isWhole) throw new Error(`Evidence ${id} does not match its hash.`);
    return Readable.from(this.chunks(claimId, id, row.sizeBytes), { objectMode: false, highWaterMark: chunkBytes });
  }

  private async *chunks(claimId: string, id: string, sizeBytes: number): AsyncGenerator<Buffer> {
    for (let at = 0; at < sizeBytes; at += chunkBytes) {
      const [row] = await this.select<{ chunk: Buffer }>(
        `select substring(content from $3 for $4) as chunk from evidence_files where claim_id = $1 and id = $2 and erased_at is null`,
        [claimId, id, at + 1, chunkBytes],
      );
      if (row === undefined) throw new Error(`Evidence ${id} was erased while it was read.`);
      yield row.chunk;
    }
  }

  /** Returns the files that wait for the malware scanner, longest first. Erased ones never will be scanned. */
  waiting(limit: number): Promise<Pick<EvidenceFile, 'id' | 'claimId'>[]> {
    return this.select(
      `select id, claim_id as "claimId" from evidence_files where scan_result = 'waiting' and erased_at is null order by uploaded_at, id limit $1`,
      [limit],
    );
  }

  /** Reads a file that waits for the malware scanner; null if it does not, or does not any more. For the scanner only. */
  async readWaiting(id: string): Promise<Buffer | null> {
    const [row] = await this.select<{ content: Buffer }>(
      `select content from evidence_files where id = $1 and scan_result = 'waiting' and erased_at is null`,
      [id],
    );
    return row?.content ?? null;
  }

  /** Marks a file as replaced by another of the same claim. Returns false if it already was, or if either file is missing. */
  async supersede(claimId: string, id: string, supersededBy: string): Promise<boolean> {
    const updated = await this.select(
      `with updated as (
         update evidence_files set superseded_by = $3
         where claim_id = $1 and id = $2 and id <> $3 and superseded_by is null
           and exists (select from evidence_files newer where newer.claim_id = $1 and newer.id = $3)
         returning id)
       select id from updated`,
      [claimId, id, supersededBy],
    );
    return updated.length === 1;
  }

  /** TypeORM returns the rows as such; pg wraps them in an object. */
  private async select<Row>(sql: string, parameters: unknown[]): Promise<Row[]> {
    const result = await this.database.query(sql, parameters);
    return Array.isArray(result) ? (result as Row[]) : (result as { rows: Row[] }).rows;
  }
}
