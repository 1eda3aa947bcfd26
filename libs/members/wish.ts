import type { Role } from '#libs/auth/index.js';

/** What a person is to have: at least one role, and PartnerIDs or `*` alone. */
export interface Wish {
  roles: Role[];
  locations: string[];
}
