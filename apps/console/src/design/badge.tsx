import type { ReactNode } from 'react';

export type Tone = 'neutral' | 'info' | 'warning' | 'danger' | 'success';

/** A short label. Its words carry the meaning; the colour only repeats it. */
export function Badge({ tone = 'neutral', children, title }: { tone?: Tone; children: ReactNode; title?: string }) {
  return (
    <span className="badge" data-tone={tone} title={title}>
      {children}
    </span>
  );
}
