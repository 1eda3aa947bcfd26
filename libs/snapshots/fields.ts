/**
 * What a snapshot can show, in the order in which its page shows it. Nothing here is about a person: contacts, sellers, comments, reasons, and the
 * names and contents of files are not in the catalogue, so that what a link shows need never be erased.
 */
export const snapshotFields = ['description', 'customer', 'partner', 'lines', 'activities', 'evidence', 'terms', 'standing'] as const;
export type SnapshotField = (typeof snapshotFields)[number];

/** Who made a link: somebody of the claim's partner, or of the vendor. */
export const snapshotSides = ['partner', 'vendor'] as const;
export type SnapshotSide = (typeof snapshotSides)[number];
