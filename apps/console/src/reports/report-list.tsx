import type { ReactNode } from 'react';
import { download, toCsv } from '../charts/index.js';
import { Button, EmptyState } from '../design/index.js';
import { Loading, LoadMore, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import type { usePages } from '../lists/index.js';
import { texts } from './texts.js';

interface Column<Item> {
  title: string;
  /** What the table shows. */
  cell(item: Item): ReactNode;
  /** What the file says. */
  csv(item: Item): string;
  isNumber?: boolean;
}

interface Props<Item> {
  title: string;
  what: string;
  /** Controls that narrow the list. */
  filters: ReactNode;
  isFiltered: boolean;
  onClear(): void;
  pages: Pick<
    ReturnType<typeof usePages<Item, { items: Item[]; next: string | null }>>,
    'error' | 'refetch' | 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'
  > & {
    items: Item[] | undefined;
  };
  columns: Column<Item>[];
  keyOf(item: Item): string;
  empty: { title: string; what: string };
  fileName: string;
}

/** A report as a table: filters, the first column as the row's header, pages, and the rows shown as a file. */
export function ReportList<Item>({ title, what, filters, isFiltered, onClear, pages, columns, keyOf, empty, fileName }: Props<Item>) {
  const t = useTexts(texts);
  const { items } = pages;
  const save = () =>
    download(fileName, toCsv([columns.map((column) => column.title), ...(items ?? []).map((item) => columns.map(({ csv }) => csv(item)))]));
  return (
    <>
      <h1>{title}</h1>
      <p className="muted">{what}</p>
      <search className="row report-filters">{filters}</search>
      {pages.error ? (
        <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />
      ) : items === undefined ? (
        <Loading />
      ) : items.length === 0 ? (
        <EmptyState title={isFiltered ? t('noMatch') : empty.title}>
          <p>{isFiltered ? t('noMatchWhat') : empty.what}</p>
          {isFiltered && <Button onClick={onClear}>{t('clear')}</Button>}
        </EmptyState>
      ) : (
        <>
          <div className="table-frame" tabIndex={0} role="region" aria-label={title}>
            <table className="table">
              <thead>
                <tr>
                  {columns.map((column) => (
                    <th key={column.title} scope="col" className={column.isNumber ? 'number' : undefined}>
                      {column.title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {items.map((item) => (
                  <tr key={keyOf(item)}>
                    {columns.map((column, index) =>
                      index === 0 ? (
                        <th key={column.title} scope="row">
                          {column.cell(item)}
                        </th>
                      ) : (
                        <td key={column.title} className={column.isNumber ? 'number' : undefined}>
                          {column.cell(item)}
                        </td>
                      ),
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <div className="row">
            <LoadMore pages={pages} />
            <Button onClick={save}>{t('csv', { count: items.length })}</Button>
          </div>
        </>
      )}
    </>
  );
}
