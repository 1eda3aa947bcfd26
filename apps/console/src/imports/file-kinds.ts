import { call } from '../api/index.js';
import {
  type ClaimUpdate,
  type ClaimUpdateRow,
  type Import,
  type ImportRow,
  importsCancel,
  importsColumns,
  importsCreate,
  importsCsv,
  importsGet,
  importsList,
  importsPause,
  importsResume,
  importsRows,
  updatesCancel,
  updatesColumns,
  updatesCreate,
  updatesCsv,
  updatesGet,
  updatesList,
  updatesPause,
  updatesResume,
  updatesRows,
} from '../client/index.js';
import type { KnownColumns } from './check-table.js';
import type { ImportText } from './texts.js';

export type Outcome = ImportRow['outcome'] | ClaimUpdateRow['outcome'];

/** A file that was sent, of either kind. */
export interface SentBatch {
  id: string;
  state: Import['state'];
  /** Nothing is changed: the outcomes say what would happen. */
  isTrial: boolean;
  sentBy: string;
  createdAt: string;
  rows: { total: number; waiting: number; refused: number } & Partial<Record<Outcome, number>>;
}

/** A row of such a file; `changes` and `action` only where claims are changed. */
export type BatchRow = Omit<ImportRow, 'outcome'> & { outcome: Outcome; changes?: string[]; action?: string | null };

/** A choice of what becomes of the rows; the first is taken unless the person chooses another. */
interface Choice {
  text: ImportText;
  hint: ImportText;
  /** The button that sends so many rows. */
  start: ImportText;
}

interface Sending {
  content: string;
  /** Index among the kind's choices. */
  choice: number;
  headers: { 'Idempotency-Key': string; 'Content-Type': string };
  fetch: typeof fetch;
}

interface List {
  items: SentBatch[];
  next: string | null;
}

/** What files of claims are for. Everything else is the same for both kinds: reading, checking, rows and the refused ones. */
export interface FileKind {
  name: 'create' | 'change';
  path: string;
  /** Outcomes of rows, as they are offered for filtering. */
  outcomes: readonly Outcome[];
  choices: readonly [Choice, Choice];
  texts: Record<'tab' | 'what' | 'choose' | 'earlier' | 'none' | 'noneWhat' | 'of' | 'cancel' | 'cancelTitle' | 'cancelWhat', ImportText>;
  columns(): Promise<KnownColumns>;
  send(sending: Sending): Promise<SentBatch>;
  list(cursor: string | undefined): Promise<List>;
  get(id: string): Promise<SentBatch>;
  rows(id: string, query: { outcome?: Outcome; cursor?: string }): Promise<{ items: BatchRow[]; next: string | null }>;
  csv(id: string): Promise<string>;
  rowsAddress(id: string, outcome: Outcome | undefined): string;
  move: Record<'pause' | 'resume' | 'cancel', (id: string) => Promise<unknown>>;
}

const batchOfImport = ({ importId, submit: _, ...rest }: Import): SentBatch => ({ id: importId, isTrial: false, ...rest });
const batchOfUpdate = ({ updateId, dryRun, ...rest }: ClaimUpdate): SentBatch => ({ id: updateId, isTrial: dryRun, ...rest });

const page = (cursor: string | undefined) => ({ query: { ...(cursor && { cursor }) } });
const keyed = () => ({ headers: { 'Idempotency-Key': crypto.randomUUID() } });
const addressOf = (path: string, outcome: Outcome | undefined) => `${path}/rows.csv${outcome === undefined ? '' : `?outcome=${outcome}`}`;

const newClaims: FileKind = {
  name: 'create',
  path: '/imports',
  outcomes: ['refused', 'waiting', 'accepted', 'submitted', 'drafted', 'cancelled'],
  choices: [
    { text: 'draft', hint: 'draftHint', start: 'start' },
    { text: 'submit', hint: 'submitHint', start: 'start' },
  ],
  texts: {
    tab: 'newClaims',
    what: 'what',
    choose: 'afterwards',
    earlier: 'earlier',
    none: 'noImports',
    noneWhat: 'noImportsWhat',
    of: 'of',
    cancel: 'cancel',
    cancelTitle: 'cancelTitle',
    cancelWhat: 'cancelWhat',
  },
  columns: async () => {
    const { columns, ...rest } = await call(() => importsColumns());
    return {
      ...rest,
      namedBy: [],
      clearMarker: null,
      columns: columns.map((column) => ({ ...column, isClearable: false, values: null, requiredFor: [] })),
    };
  },
  send: async ({ content, choice, ...sending }) =>
    batchOfImport(await call(() => importsCreate({ body: content, bodySerializer: null, query: { submit: choice === 1 }, ...sending }))),
  list: async (cursor) => {
    const { items, next } = await call(() => importsList(page(cursor)));
    return { items: items.map(batchOfImport), next };
  },
  get: async (importId) => batchOfImport(await call(() => importsGet({ path: { importId } }))),
  rows: (importId, query) =>
    call(() => importsRows({ path: { importId }, query: query as NonNullable<Parameters<typeof importsRows>[0]['query']> })),
  csv: (importId) => call(() => importsCsv({ path: { importId }, query: { outcome: 'refused' }, parseAs: 'text' })),
  rowsAddress: (id, outcome) => addressOf(`/v1/claims/imports/${id}`, outcome),
  move: {
    pause: (importId) => call(() => importsPause({ path: { importId }, ...keyed() })),
    resume: (importId) => call(() => importsResume({ path: { importId }, ...keyed() })),
    cancel: (importId) => call(() => importsCancel({ path: { importId }, ...keyed() })),
  },
};

const changes: FileKind = {
  name: 'change',
  path: '/imports/changes',
  outcomes: ['refused', 'waiting', 'changed', 'unchanged', 'cancelled'],
  choices: [
    { text: 'try', hint: 'tryHint', start: 'startTrial' },
    { text: 'apply', hint: 'applyHint', start: 'startChanges' },
  ],
  texts: {
    tab: 'changesToClaims',
    what: 'whatChanges',
    choose: 'chooseChanges',
    earlier: 'earlierChanges',
    none: 'noChanges',
    noneWhat: 'noChangesWhat',
    of: 'ofChanges',
    cancel: 'cancelChanges',
    cancelTitle: 'cancelChangesTitle',
    cancelWhat: 'cancelChangesWhat',
  },
  columns: async () => {
    const { columns, ...rest } = await call(() => updatesColumns());
    return { ...rest, columns: columns.map((column) => ({ ...column, isRequired: false })) };
  },
  send: async ({ content, choice, ...sending }) =>
    batchOfUpdate(await call(() => updatesCreate({ body: content, bodySerializer: null, query: { dryRun: choice === 0 }, ...sending }))),
  list: async (cursor) => {
    const { items, next } = await call(() => updatesList(page(cursor)));
    return { items: items.map(batchOfUpdate), next };
  },
  get: async (updateId) => batchOfUpdate(await call(() => updatesGet({ path: { updateId } }))),
  rows: (updateId, query) =>
    call(() => updatesRows({ path: { updateId }, query: query as NonNullable<Parameters<typeof updatesRows>[0]['query']> })),
  csv: (updateId) => call(() => updatesCsv({ path: { updateId }, query: { outcome: 'refused' }, parseAs: 'text' })),
  rowsAddress: (id, outcome) => addressOf(`/v1/claims/updates/${id}`, outcome),
  move: {
    pause: (updateId) => call(() => updatesPause({ path: { updateId }, ...keyed() })),
    resume: (updateId) => call(() => updatesResume({ path: { updateId }, ...keyed() })),
    cancel: (updateId) => call(() => updatesCancel({ path: { updateId }, ...keyed() })),
  },
};

export const fileKinds = { create: newClaims, change: changes };
