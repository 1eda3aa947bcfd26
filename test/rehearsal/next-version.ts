/** A replacement in a compiled file of the build. */
export interface Change {
  file: string;
  from: string;
  to: string;
}

/**
 * What version N+1 changes, of every kind that an upgrade may bring: a workflow, a rule, an event's field, an event's type, a migration. Texts of the
 * compiled code, so that the two versions differ as two releases would.
 */
export const nextVersion: Change[] = [
  // A step that a history of N does not have, behind patched() as CONTRIBUTING.md asks.
  { file: 'workflows/claim-mailbox.js', from: 'import { allHandlersFinished,', to: 'import { patched, sleep, allHandlersFinished,' },
  {
    file: 'workflows/claim-mailbox.js',
    from: "this.step = 'draining_inbox';",
    to: "this.step = 'draining_inbox'; if (patched('rehearsal')) await sleep(1);",
  },
  // A rule: a rejection cannot be disputed any more.
  { file: 'libs/claims/rules/review.js', from: 'lines.filter((line) => line.isDisputeUsed)', to: 'lines' },
  { file: 'libs/claims/rules/review.js', from: 'lines.filter((line) => !line.isDisputeUsed)', to: '[]' },
  // A field of an event, and an event of a new type.
  {
    file: 'libs/claims/rules/review.js',
    from: 'clearedHolds: body.clearedHolds ?? [],',
    to: "clearedHolds: body.clearedHolds ?? [], route: 'next',",
  },
  {
    file: 'libs/claims/rules/review.js',
    from: '...approve(state, lines, body, context)];',
    to: "...approve(state, lines, body, context), event('ApprovalNoted', context.now, { lines: numbers(lines), by: { route: 'next' } })];",
  },
  // A migration that only adds.
  {
    file: 'libs/event-store/migrations/index.js',
    from: 'export const migrations = [',
    to: `class Rehearsal1799999999999 {
      name = 'Rehearsal1799999999999';
      async up(runner) { await runner.query('ALTER TABLE claims ADD COLUMN route text'); }
      async down() {}
    }
    export const migrations = [Rehearsal1799999999999,`,
  },
];

/** The same workflow step, but without patched(): histories of N do not fit it any more. */
export const brokenVersion: Change[] = [
  { file: 'workflows/claim-mailbox.js', from: 'import { allHandlersFinished,', to: 'import { sleep, allHandlersFinished,' },
  {
    file: 'workflows/claim-mailbox.js',
    from: "this.step = 'draining_inbox';",
    to: "this.step = 'draining_inbox'; await sleep(1);",
  },
];
