import type { EntityManager } from 'typeorm';

/** Why something was not erased. */
export type KeptReason =
  | 'legal_hold'
  | 'busy'
  | 'notice_pending'
  | 'import_waiting'
  | 'named_in_text'
  | 'evidence_retained'
  | 'listed_in_directory';

/** Something that was requested or due to be erased, and was kept. */
export interface KeptItem {
  reason: KeptReason;
  /** Number of the claim; null if it belongs to no claim. */
  claim: string | null;
  /** Ids to pass to `cpor erase --person-id`, if it can still be erased one by one. */
  personIds: string[];
  /** The latest instant at which the reason ends, if known. */
  possibleFrom: string | null;
  /** Rows of an import that have not become claims yet. */
  waiting?: { importId: string; rows: number[] };
}

/** What an erasure did, in counts and ids. It contains no personal data. */
export interface ErasureReport {
  reportId: string;
  kind: 'due' | 'person';
  isDryRun: boolean;
  requestedBy: string;
  startedAt: string;
  finishedAt: string;
  /** Number of claims from which something was erased. */
  claims: number;
  /** Contacts, names and texts. */
  personalData: number;
  evidenceFiles: number;
  keptByReason: Partial<Record<KeptReason, number>>;
  /** At most the first thousand. */
  kept: KeptItem[];
}

export interface ErasureOptions {
  /** Who is responsible: `cli:olga`, or a subject of the identity provider. */
  by: string;
  isDryRun?: boolean;
}

/** What to erase from one claim. */
export interface ClaimErasure {
  claimId: string;
  personIds: string[];
  evidenceIds: string[];
}

export type Queryable = Pick<EntityManager, 'query'>;

const maximumListed = 1_000;

/** Counts while an erasure runs. Its memory does not grow with the number of claims. */
export class ErasureTally {
  private claims = 0;
  private personalData = 0;
  private evidenceFiles = 0;
  /** A set, because a claim may be found both through its contacts and through the person's words. A person has few claims. */
  private readonly claimsOfPerson = new Set<string>();
  private readonly keptByReason: ErasureReport['keptByReason'] = {};
  private readonly keptItems: KeptItem[] = [];

  constructor(
    private readonly start: Pick<ErasureReport, 'reportId' | 'kind' | 'startedAt'>,
    private readonly options: ErasureOptions,
  ) {}

  add(erasures: ClaimErasure[]): void {
    const isNew = ({ claimId }: ClaimErasure) => this.start.kind === 'due' || !this.claimsOfPerson.has(claimId);
    this.claims += erasures.filter(isNew).length;
    if (this.start.kind === 'person') for (const { claimId } of erasures) this.claimsOfPerson.add(claimId);
    for (const { personIds, evidenceIds } of erasures) {
      this.personalData += personIds.length;
      this.evidenceFiles += evidenceIds.length;
    }
  }

  keep(...items: KeptItem[]): void {
    for (const item of items) {
      this.keptByReason[item.reason] = (this.keptByReason[item.reason] ?? 0) + 1;
      if (this.keptItems.length < maximumListed) this.keptItems.push(item);
    }
  }

  /** Stores the report, even of a dry run, and returns it. */
  async finish(database: Queryable): Promise<ErasureReport> {
    const { by, isDryRun = false } = this.options;
    const { claims, personalData, evidenceFiles, keptByReason, keptItems: kept } = this;
    const content = { isDryRun, claims, personalData, evidenceFiles, keptByReason, kept };
    const { reportId, kind, startedAt } = this.start;
    const [row] = await database.query<[{ finished_at: Date }]>(
      `INSERT INTO erasure_reports (report_id, kind, requested_by, started_at, report) VALUES ($1, $2, $3, $4, $5) RETURNING finished_at`,
      [reportId, kind, by, startedAt, content],
    );
    return { reportId, kind, requestedBy: by, startedAt, finishedAt: row.finished_at.toISOString(), ...content };
  }
}
