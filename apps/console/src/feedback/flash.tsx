import { useLocation } from 'react-router';
import { Banner } from '../design/index.js';

/** Says on the next page what was just done: `navigate('/claims/1', { state: { flash: 'The claim is submitted.' } })`. */
export function Flash() {
  const { flash } = ((useLocation() as { state: unknown }).state ?? {}) as { flash?: unknown };
  return typeof flash === 'string' ? <Banner tone="success" isAlert title={flash} /> : null;
}
