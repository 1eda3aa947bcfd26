import type { EntityManager } from 'typeorm';

/** Why something was left as it is. */
export type KeptReason =
  | 'legal_hold'
  | 'busy'
  | 'notice_pending'
  | 'import_waiting'
  | 'named_in_text'
  | 'evidence_retained'
  | 'listed_in_directory';

/** Something that was asked for, or due, and not erased. */
export interface KeptItem {
  reason: KeptReason;
  /** Number of the claim, or null where no claim is concerned. */
  claim: string | null;
  /** Ids that `cpor erase --person-id` takes, where it can still be erased one by one. */
  personIds: string[];
  /** By when the cause goes away at the latest, as far as is known. */
  possibleFrom: string | null;
  /** Rows of an import that are not claims yet. */
  waiting?: { importId: string; rows: number[] };
}

/** What an erasure did, in counts and ids: it names nobody. */
export interface ErasureReport {
  reportId: string;
  kind: 'due' | 'person';
  isDryRun: boolean;
  requestedBy: string;
  startedAt: string;
  finishedAt: string;
  /** Claims of which something was erased. */
  claims: number;
  /** Contacts, names and texts. */
  personalData: number;
  evidenceFiles: number;
  keptByReason: Partial<Record<KeptReason, number>>;
  /** The first thousand. */
  kept: KeptItem[];
}

export interface ErasureOptions {
  /** Who is answerable: `cli:olga`, or a subject of the identity provider. */
  by: string;
  isDryRun?: boolean;
}

/** What is erased of one claim. */
export interface ClaimErasure {
  claimId: string;
  personIds: string[];
  evidenceIds: string[];
}

export type Queryable = Pick<EntityManager, 'query'>;

const listed = 1_000;

/** Counts while it goes on; what it keeps in memory does not grow with the number of claims. */
export class ErasureTally {
  private claims = 0;
  private personalData = 0;
  private evidenceFiles = 0;
  /** A person's claims are few, and each may be come to by its contacts and by its words. */
  private readonly ofPerson = new Set<string>();
  private readonly keptByReason: ErasureReport['keptByReason'] = {};
  private readonly keptItems: KeptItem[] = [];

  constructor(
    private readonly begun: Pick<ErasureReport, 'reportId' | 'kind' | 'startedAt'>,
    private readonly options: ErasureOptions,
  ) {}

  add(erasures: ClaimErasure[]): void {
    const isNew = ({ claimId }: ClaimErasure) => this.begun.kind === 'due' || !this.ofPerson.has(claimId);
    this.claims += erasures.filter(isNew).length;
    if (this.begun.kind === 'person') for (const { claimId } of erasures) this.ofPerson.add(claimId);
    for (const { personIds, evidenceIds } of erasures) {
      this.personalData += personIds.length;
      this.evidenceFiles += evidenceIds.length;
    }
  }

  keep(...items: KeptItem[]): void {
    for (const item of items) {
      this.keptByReason[item.reason] = (this.keptByReason[item.reason] ?? 0) + 1;
      if (this.keptItems.length < listed) this.keptItems.push(item);
    }
  }

  /** Stores the report, also that of a dry run, and returns it. */
  async finish(database: Queryable): Promise<ErasureReport> {
    const { by, isDryRun = false } = this.options;
    const { claims, personalData, evidenceFiles, keptByReason, keptItems: kept } = this;
    const content = { isDryRun, claims, personalData, evidenceFiles, keptByReason, kept };
    const { reportId, kind, startedAt } = this.begun;
    const [row] = await database.query<[{ finished_at: Date }]>(
      `INSERT INTO erasure_reports (report_id, kind, requested_by, started_at, report) VALUES ($1, $2, $3, $4, $5) RETURNING finished_at`,
      [reportId, kind, by, startedAt, content],
    );
    return { reportId, kind, requestedBy: by, startedAt, finishedAt: row.finished_at.toISOString(), ...content };
  }
}

/** Erases what is named of claims whose locks the caller holds, writes down what was erased, and returns it. */
export async function erase(
  manager: EntityManager,
  wanted: ClaimErasure[],
  record: { reportId: string; cause: 'retention' | 'request'; by: string },
): Promise<ClaimErasure[]> {
  const people = await erased(
    manager,
    'erase_personal_data',
    wanted.flatMap(({ personIds }) => personIds),
  );
  const files = await erased(
    manager,
    'erase_evidence',
    wanted.flatMap(({ evidenceIds }) => evidenceIds),
  );
  const done = wanted
    .map(({ claimId, personIds, evidenceIds }) => ({
      claimId,
      personIds: personIds.filter((id) => people.has(id)),
      evidenceIds: evidenceIds.filter((id) => files.has(id)),
    }))
    .filter(({ personIds, evidenceIds }) => personIds.length + evidenceIds.length > 0);
  await manager.query(
    `INSERT INTO erasures (report_id, claim_id, cause, person_ids, evidence_ids, erased_by)
     SELECT $1, "claimId", $2, "personIds", "evidenceIds", $3
     FROM jsonb_to_recordset($4::jsonb) AS e("claimId" uuid, "personIds" uuid[], "evidenceIds" uuid[])`,
    [record.reportId, record.cause, record.by, JSON.stringify(done)],
  );
  return done;
}

async function erased(manager: EntityManager, what: 'erase_personal_data' | 'erase_evidence', ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await manager.query<{ id: string }[]>(`SELECT id FROM ${what}($1) AS id`, [ids]);
  return new Set(rows.map(({ id }) => id));
}
