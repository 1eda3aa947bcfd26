import type { ClaimContacts, ClaimDetails, Finding } from '#libs/claims/index.js';
import { canonicalJson } from '#libs/event-store/index.js';
import type { PersonalItem } from '#libs/inbox/index.js';
import { DetailsReader, type SentDetails } from '#libs/new-claims/index.js';
import type { ClaimRow } from '#libs/read-models/index.js';
import { hasLostZeros, readFlag, unescapedFormula, unmarked } from '#libs/tables/index.js';
import type { SentUpdate } from './sent-update.js';

/** What a row asks of its claim, as it is now. */
export type UpdatePlan =
  | { result: 'refused'; findings: Finding[] }
  | { result: 'unchanged' }
  | {
      result: 'wanted';
      changes: Partial<ClaimDetails>;
      personal: PersonalItem[] /** Names of the fields that change. */;
      fields: string[];
    };

/** Columns of an exported table whose values a row can change. */
const changeableColumns = ['name', 'area', 'partnerId', 'tenantId', 'domain', 'externalReference', 'tags'];
/** The version says for which claim the row was written; warnings come and go with time alone. */
export const uncomparedColumns = ['claimId', 'version', 'warnings'];

/**
 * Compares a row with its claim. A cell that shows what the claim holds asks for nothing, so that an exported table is an update that changes
 * nothing.
 */
export function planUpdate(sent: SentUpdate, claim: ClaimRow, exported: Record<string, string>, commandId: string): UpdatePlan {
  const { changes: asked, unreadable, readOnly } = compareCells(sent, exported);
  const reader = new DetailsReader(commandId, statedOf(claim));
  const stated = reader.read(merged(asked, claim));
  const { details } = claim.state;
  const changes = Object.fromEntries(
    Object.entries(stated).filter(([field, value]) => !isSame(value, details[field as keyof ClaimDetails])),
  ) as Partial<ClaimDetails>;
  const isWanted = Object.keys(changes).length > 0 || unreadable.length > 0 || sent.action !== undefined;
  if (sent.version !== undefined && sent.version !== claim.version)
    // Whatever else differs may have changed since the row was written.
    return isWanted ? { result: 'refused', findings: [outdated(sent.version, claim.version)] } : { result: 'unchanged' };
  const findings = [...unreadable, ...readOnly];
  if (findings.length > 0) return { result: 'refused', findings };
  if (!isWanted) return { result: 'unchanged' };
  return { result: 'wanted', changes, personal: reader.personal, fields: fieldsOf(changes, claim, reader.personal).sort() };
}

interface Compared {
  changes: SentDetails;
  /** Faults of cells that do not show what the claim holds. */
  unreadable: Finding[];
  readOnly: Finding[];
}

function compareCells({ changes: sent, cells = {}, unreadable: faults = {} }: SentUpdate, exported: Record<string, string>): Compared {
  const compared = Object.entries(cells).filter(([column]) => !uncomparedColumns.includes(column));
  const differing = compared.filter(([column, cell]) => !shows(cell, exported[column] ?? '', column));
  const same = compared.map(([column]) => column).filter((column) => !differing.some(([other]) => other === column));
  const isChangeable = ([column]: [string, string]) => changeableColumns.includes(column);
  return {
    changes: Object.fromEntries(Object.entries(sent).filter(([field]) => !same.includes(field))),
    unreadable: [
      ...Object.entries(faults).flatMap(([column, fault]) => (same.includes(column) ? [] : [fault])),
      ...differing
        .filter(isChangeable)
        .flatMap(([column, cell]) =>
          hasLostZeros(unmarked(cell), exported[column] ?? '') ? [zerosLost(column, cell, exported[column]!)] : [],
        ),
    ],
    readOnly: differing.filter((each) => !isChangeable(each)).map(([column]) => unchangeable(column, exported[column] ?? '')),
  };
}

/** Returns whether a cell shows a value as an export writes it, or as a spreadsheet saves that. */
function shows(cell: string, value: string, column: string): boolean {
  const text = unmarked(cell);
  const shown = value.trim();
  if (text === shown || unescapedFormula(text) === shown) return true;
  const flag = column === 'isOpen' ? readFlag(text) : undefined;
  return flag !== undefined && 'value' in flag && String(flag.value) === shown;
}

/** What a contact or a name consists of stays unless it is sent. */
function merged(sent: SentDetails, { state, people }: ClaimRow): SentDetails {
  const known = (reference: { personId: string } | null) => (reference === null ? {} : (people[reference.personId] ?? {}));
  const { contacts, revenue } = state.details;
  const contactOf = (which: keyof ClaimContacts) => {
    const part = sent.contacts?.[which];
    return part ? { [which]: { ...known(contacts[which]), ...part } } : {};
  };
  return {
    ...sent,
    ...(sent.contacts && { contacts: { ...sent.contacts, ...contactOf('customer'), ...contactOf('partner'), ...contactOf('technical') } }),
    ...(sent.revenue && { revenue: { ...known(revenue), ...sent.revenue } }),
  };
}

const statedOf = ({ state, people }: ClaimRow) => ({
  contacts: state.details.contacts,
  revenue: state.details.revenue,
  people,
  lines: state.lines.map(({ line }) => line),
});

const isSame = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

/** Names what changes; of a contact each part, as findings do. */
function fieldsOf(changes: Partial<ClaimDetails>, { state, people }: ClaimRow, personal: PersonalItem[]): string[] {
  const wordsOf = (reference: { personId: string } | null): Record<string, unknown> =>
    reference === null
      ? {}
      : (personal.find(({ personId }) => personId === reference.personId)?.content ?? people[reference.personId] ?? {});
  const parts = (place: string, before: { personId: string } | null, after: { personId: string } | null): string[] => {
    if (isSame(before, after)) return [];
    const [old, now] = [wordsOf(before), wordsOf(after)];
    const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((name) => (old[name] ?? '') !== (now[name] ?? ''));
    return names.length === 0 ? [place] : names.map((name) => `${place}.${name}`);
  };
  const { contacts, revenue } = state.details;
  return Object.keys(changes).flatMap((field) => {
    if (field === 'revenue') return parts('revenue', revenue, changes.revenue ?? null);
    if (field !== 'contacts') return [field];
    const after = changes.contacts!;
    return (['customer', 'partner', 'technical'] as const).flatMap((which) => parts(`contacts.${which}`, contacts[which], after[which]));
  });
}

const finding = (code: string, field: string, message: string): Finding => ({ code, severity: 'error', field, line: null, message });

const outdated = (written: number, now: number): Finding =>
  finding('version_conflict', 'version', `The claim is at version ${now} by now, the row was written for ${written}. Export it again.`);

const unchangeable = (column: string, value: string): Finding =>
  finding('column_not_changeable', column, `This column cannot be changed; the claim has ${value === '' ? 'nothing' : `"${value}"`} here.`);

const zerosLost = (column: string, cell: string, value: string): Finding =>
  finding(
    'import_cell_unreadable',
    column,
    `The claim has "${value}": a spreadsheet has dropped the zeros of "${unmarked(cell)}". Format the column as text and enter the value again.`,
  );
