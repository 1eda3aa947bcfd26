import type { DataSource } from 'typeorm';
import { countPendingMigrations, probeWriting } from '#libs/event-store/index.js';
import { countBehind, countStuck, heldMails } from '#libs/reconciliation/index.js';
import { type Checks, fault, ok, warning } from './check.js';

/** The oldest version that the migrations run on. */
const oldestServer = 150_000;
/** Apart from this, a host's clock and the database's tell the same time. */
const skewSeconds = 2;
const behindMinutes = 5;
const countLimit = 1_000;
const checkpointHours = 36;

/** Checks of PostgreSQL and of what is stored in it. */
export const databaseChecks = (source: DataSource, hasCheckpoints: boolean): Checks => ({
  async database() {
    const [{ version, number }] = await source.query<[{ version: string; number: number }]>(
      "SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number",
    );
    if (number < oldestServer)
      return fault(`PostgreSQL is of version ${version}.`, 'cpor needs version 15 or later.', 'Upgrade PostgreSQL.');
    return ok(`PostgreSQL ${version} answers.`);
  },

  async writable() {
    await probeWriting(source);
    return ok('The database accepts writes.');
  },

  async migrations() {
    const pending = await countPendingMigrations(source);
    if (pending === 0) return ok('The tables are those of this version.');
    return fault(`${pending} migrations are pending.`, 'API and worker of this version are not ready.', 'Run: cpor migrate');
  },

  async clock_skew() {
    const before = Date.now();
    const [{ at }] = await source.query<[{ at: Date }]>('SELECT clock_timestamp() AS at');
    const seconds = Math.abs(at.getTime() - (before + Date.now()) / 2) / 1_000;
    if (seconds <= skewSeconds) return ok("This host's clock and the database's agree.");
    return warning(
      `This host's clock and the database's differ by ${seconds.toFixed(1)} s.`,
      "Deadlines are decided by the database's clock alone, but tokens and webhook signatures are judged by each host's.",
      'Let NTP set the clocks of all hosts.',
    );
  },

  async backlog() {
    const [{ claims, since }, stuck] = await Promise.all([countBehind(source, behindMinutes, countLimit), countStuck(source)]);
    if (claims === 0) return ok('No claim waits for a command or a deadline that is late.');
    const mend =
      stuck.claims === 0
        ? 'See that Temporal and a worker run, then run: cpor reconcile'
        : 'Some steps keep failing; docs/runbooks/claims-stuck.md says how to find why.';
    return fault(
      `${claims === countLimit ? `${countLimit} or more` : claims} claims have been late for more than ${behindMinutes} minutes, the first since ${since}.`,
      'Nothing is lost, and no outcome changes, but people wait.',
      mend,
    );
  },

  async stuck_claims() {
    const { claims, since } = await countStuck(source);
    if (claims === 0) return ok('No step of a claim keeps failing.');
    return fault(
      `A step of ${claims} claims keeps failing, the first since ${since}.`,
      'These claims stand still; others go on.',
      'SELECT c.number, s.step, s.fault FROM stuck_claims s JOIN claims c USING (claim_id);',
    );
  },

  async held_mails() {
    const mails = await heldMails(source);
    if (mails.length === 0) return ok('No mail is held.');
    const since = new Date(Math.min(...mails.map(({ heldSince }) => heldSince.getTime())));
    return warning(
      `${mails.length} mails are held since a restore, the first since ${since.toISOString()}.`,
      'They may have been sent before. Until they are released, their windows do not begin and their readers learn nothing.',
      'Compare them with the log of the relay: cpor mails list. Then: cpor mails release CLAIM, or for letters that were sent: cpor mails mark-sent CLAIM',
    );
  },

  async checkpoint() {
    const [{ hours }] = await source.query<[{ hours: number | null }]>(
      'SELECT extract(epoch FROM cpor_now() - max(made_at))::float8 / 3600 AS hours FROM checkpoints',
    );
    if (hours !== null && hours < checkpointHours)
      return ok(`The last checkpoint of the audit trail is ${Math.max(0, Math.round(hours))} hours old.`);
    return warning(
      hours === null ? 'The audit trail has no checkpoint.' : `The last checkpoint of the audit trail is ${Math.round(hours)} hours old.`,
      'Who can change the database could remove the newest records unseen.',
      hasCheckpoints
        ? 'The log of the worker says why it makes none. By hand: cpor checkpoint'
        : 'Set CPOR_CHECKPOINT_FOLDER and CPOR_CHECKPOINT_KEY_FILE for the worker.',
    );
  },
});
