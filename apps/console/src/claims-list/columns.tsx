import type { ReactNode } from 'react';
import { claimTexts, PhaseBadge } from '../claim-words/index.js';
import type { ClaimListsListData, ClaimSummary } from '../client/index.js';
import { Badge } from '../design/index.js';
import type { Formatters, useTexts } from '../i18n/index.js';
import type { ProgrammeWords } from '../programme-labels/index.js';
import type { texts } from './texts.js';

/** What the API can sort claims by. */
type Sort = NonNullable<NonNullable<ClaimListsListData['query']>['sort']>;

export interface CellTools {
  format: Formatters;
  /** Labels of the programmes' codes. */
  codes: ProgrammeWords;
  words: ReturnType<typeof useTexts<keyof (typeof claimTexts)['en']>>;
}

interface Column {
  text: keyof (typeof texts)['en'];
  sort?: Exclude<Sort, `-${string}`>;
  /** Whether the content is short and must not break. */
  isNarrow?: boolean;
  cell(claim: ClaimSummary, tools: CellTools): ReactNode;
}

/** Columns that can be chosen, in their order. The claim's number always comes first. */
export const columns = {
  name: { text: 'name', sort: 'name', cell: ({ name }) => name },
  customer: { text: 'customer', sort: 'customer', cell: ({ customerName, domain, tenantId }) => customerName ?? domain ?? tenantId },
  domain: { text: 'domain', sort: 'domain', cell: ({ domain }) => domain },
  tenantId: { text: 'tenantId', sort: 'tenantId', cell: ({ tenantId }) => <span className="mono">{tenantId}</span> },
  phase: { text: 'phase', sort: 'phase', cell: ({ phase }) => <PhaseBadge phase={phase} /> },
  area: { text: 'area', sort: 'area', cell: ({ area }, { codes }) => codes.area(area) },
  products: { text: 'products', cell: ({ products }, { codes, format }) => format.list(products.map(codes.product)) },
  activities: {
    text: 'activities',
    cell: ({ activities, area }, { codes, format }) => format.list(activities.map((activity) => codes.activity(activity, area))),
  },
  partnerId: { text: 'location', sort: 'partnerId', isNarrow: true, cell: ({ partnerId }) => partnerId },
  nextDeadline: {
    text: 'due',
    sort: 'nextDeadline',
    cell: ({ nextDeadline, warnings }, { format, words }) =>
      nextDeadline && (
        <span className="stack-tight">
          <span className="row">
            {format.instant(nextDeadline.at)}
            {warnings.map((warning) => (
              <Badge key={warning} tone={warning === 'overdue' ? 'danger' : 'warning'}>
                {words(warning)}
              </Badge>
            ))}
          </span>
          <span className="small muted">{words(nextDeadline.clock)}</span>
        </span>
      ),
  },
  externalReference: { text: 'externalReference', sort: 'externalReference', cell: ({ externalReference }) => externalReference },
  tags: { text: 'tags', cell: ({ tags }) => tags.join(', ') },
  reasons: {
    text: 'reasons',
    cell: ({ reasons }, { codes, format }) => format.list(reasons.map((reason) => reasonLabel(codes, reason))),
  },
  createdAt: { text: 'created', sort: 'createdAt', isNarrow: true, cell: ({ createdAt }, { format }) => format.instant(createdAt) },
  updatedAt: { text: 'updated', sort: 'updatedAt', isNarrow: true, cell: ({ updatedAt }, { format }) => format.instant(updatedAt) },
} as const satisfies Record<string, Column>;

export type ColumnName = keyof typeof columns;
export const columnNames = Object.keys(columns) as ColumnName[];
export const usualColumns: ColumnName[] = ['name', 'customer', 'phase', 'products', 'nextDeadline', 'updatedAt'];

export const columnOf = (name: ColumnName): Column => columns[name];

/** A reason may be one of a rejection or of an information request. */
export function reasonLabel(codes: ProgrammeWords, code: string): string {
  const label = codes.rejectionReason(code);
  return label === code ? codes.requestReason(code) : label;
}
