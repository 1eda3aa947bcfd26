import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { type Change, changeRoles, findAssignment, listRoleChanges, noteSeen } from '#libs/members/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('assigned roles', function () {
  this.timeout(60_000);

  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase();
  });
  after(() => database?.close());

  const assign = (partnerAccountId: string, subject: string, more: Partial<Change> = {}) =>
    changeRoles(database.source, {
      partnerAccountId,
      subject,
      wish: { roles: ['claim_user'], locations: ['*'] },
      basedOn: undefined,
      by: 'ann',
      isAdminKnown: false,
      ...more,
    });

  it('belong to the account that assigned first, unless one is named', async () => {
    const [subject, first, second] = [randomUUID(), randomUUID(), randomUUID()];
    await assign(first, subject);
    await assign(second, subject);
    expect((await findAssignment(database.source, subject, null))?.partnerAccountId).to.equal(first);
    expect((await findAssignment(database.source, subject, second))?.partnerAccountId).to.equal(second);
    await assign(first, subject, { wish: null, basedOn: [1] });
    expect((await findAssignment(database.source, subject, null))?.partnerAccountId).to.equal(second);
  });

  it('are noted as used once an hour, and for good', async () => {
    const [subject, account] = [randomUUID(), randomUUID()];
    await assign(account, subject);
    expect(await findAssignment(database.source, subject, null)).to.include({ isFirstUse: true, isNews: true });
    await noteSeen(database.source, subject, account);
    expect(await findAssignment(database.source, subject, null)).to.include({ isFirstUse: false, isNews: false });
    await database.source.query("UPDATE role_assignments SET last_seen_at = last_seen_at - interval '2 hours' WHERE subject = $1", [
      subject,
    ]);
    expect(await findAssignment(database.source, subject, null)).to.include({ isFirstUse: false, isNews: true });
    await assign(account, subject, { wish: null, basedOn: [1] });
    const kept = await database.source.query<unknown[]>('SELECT FROM partner_subjects WHERE subject = $1', [subject]);
    expect(kept).to.have.length(1);
  });

  it('are changed one after the other, each change with its record', async () => {
    const account = randomUUID();
    const subjects = Array.from({ length: 12 }, () => randomUUID());
    await Promise.all(subjects.map((subject) => assign(account, subject)));
    const changes = await listRoleChanges(database.source, account, { subject: undefined, before: undefined, limit: 100 });
    expect(changes.map(({ subject }) => subject)).to.have.members(subjects);
  });

  it('cannot be other than a partner’s, whatever the application asks for', async () => {
    const outcome = await assign(randomUUID(), 'somebody', { wish: { roles: ['reviewer'], locations: ['*'] } }).then(
      () => 'stored',
      (error: Error) => error.message,
    );
    expect(outcome).to.include('role_assignments_roles_check');
  });

  it('have a record that the application cannot change', async () => {
    const account = randomUUID();
    await assign(account, 'somebody');
    for (const statement of ["UPDATE role_changes SET changed_by = 'nobody'", 'DELETE FROM role_changes', 'TRUNCATE role_changes']) {
      const outcome = await database.source.query(statement).then(
        () => 'done',
        (error: Error) => error.message,
      );
      expect(outcome, statement).to.include('permission denied');
    }
  });
});
