import type { ReactNode } from 'react';
import type { Tone } from './badge.js';

/** A message within the page. `isAlert` is for what just happened: screen readers say it at once. */
export function Banner({
  tone = 'info',
  title,
  isAlert = false,
  children,
}: {
  tone?: Tone;
  title: ReactNode;
  isAlert?: boolean;
  children?: ReactNode;
}) {
  return (
    <div className="banner" data-tone={tone} role={isAlert ? 'alert' : undefined}>
      <div>{title}</div>
      {children}
    </div>
  );
}

/** What a list says when it has nothing: why, and what to do. A whole page that has nothing else to say is `isPage`. */
export function EmptyState({ title, isPage = false, children }: { title: ReactNode; isPage?: boolean; children?: ReactNode }) {
  return (
    <div className="empty">
      {isPage ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  );
}
