import { useQuery } from '@tanstack/react-query';
import { call } from '../api/index.js';
import { calendarCoverageReport } from '../client/index.js';
import { Banner } from '../design/index.js';

/** What needs attention about one calendar in force; nothing otherwise. */
export function Coverage({ name }: { name: string }) {
  const report = useQuery({ queryKey: ['calendar', 'list', 'coverage'], queryFn: () => call(() => calendarCoverageReport()) });
  const warnings = report.data?.items.find(({ calendar }) => calendar.split('@')[0] === name)?.warnings ?? [];
  return warnings.map(({ code, message }) => <Banner key={code} tone="warning" title={message} />);
}
