import { Injectable, Optional } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isAssignable, type Principal, withAssignment } from '#libs/auth/index.js';
import { findAssignment, noteSeen } from '#libs/members/index.js';

/** Adds the roles that a partner has assigned to the caller. They are read at every request, so that a change takes effect at the next. */
@Injectable()
export class AssignedRolesReader {
  constructor(@Optional() private readonly source?: DataSource) {}

  async complete(principal: Principal): Promise<Principal> {
    if (this.source === undefined || !isAssignable(principal)) return principal;
    const { subject, partnerAccountId } = principal;
    const assignment = await findAssignment(this.source, subject, partnerAccountId);
    // The first use is noted before it is allowed: it bars the person from reviewing this partner's claims.
    if (assignment?.isNews) await noteSeen(this.source, subject, assignment.partnerAccountId).catch(ignoreUnless(assignment.isFirstUse));
    return withAssignment(principal, assignment);
  }
}

const ignoreUnless = (isNeeded: boolean) => (error: unknown) => {
  if (isNeeded) throw error;
};
