import type { ReactNode } from 'react';
import { Link } from 'react-router';

/** The query string that a list was last shown with, by its path. Lives as long as the page, and so differs between tabs. */
const lastQueries = new Map<string, string>();

export function rememberList(path: string, query: string): void {
  lastQueries.set(path, query);
}

/** Leads from one item back to its list as it was left: with its filters and its order. */
export function BackLink({ to, children }: { to: string; children: ReactNode }) {
  return <Link to={{ pathname: to, search: lastQueries.get(to) ?? '' }}>{children}</Link>;
}
