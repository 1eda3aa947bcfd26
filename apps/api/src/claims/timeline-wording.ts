import type { TimelineWording } from '#libs/timeline/index.js';
import { formatInstant, type Language } from '#libs/notices/index.js';
import { isProblemCode, problemCatalogue } from '#libs/problems/index.js';
import type { Policy } from '#libs/programmes/index.js';

/** Writes reasons, products and findings with their labels, and instants in the zone of the programme's calendar. */
export function timelineWording(policy: Policy, zone: string, language: Language): TimelineWording {
  const { requestReasons, rejectionReasons, products, areas } = policy;
  const labels = new Map([...areas, ...products, ...rejectionReasons, ...requestReasons].map(({ code, label }) => [code, label[language]]));
  return {
    instant: (instant) => formatInstant(instant, zone, language),
    label: (code) => labels.get(code) ?? (isProblemCode(code) ? problemCatalogue[code].title : code),
  };
}
