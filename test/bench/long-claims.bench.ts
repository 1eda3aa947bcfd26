import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DataSource } from 'typeorm';
import { dropPostgres, endProcess, startPostgres } from '#libs/embedded/index.js';
import { createDataSource, createOwnerDataSource } from '#libs/event-store/index.js';
import { PostgresDirectoryProvider } from '#libs/directory/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { loadSampleData } from '#libs/sample-data/index.js';
import { reviewer, TestClaim } from '../support/claims.js';
import { onCpuMs } from './process-cpu.js';
import { measurement, median, rounded, table } from './report.js';

/**
 * What one more command costs a claim that is already long: commands are stored and executed as the API does, without HTTP and Temporal.
 * Comments leave the claim's state as it is; each exchange of a request for information and its answer adds to it.
 *
 *     npm run bench -- --long-claims [--lengths 10,100,1000] [--samples 15]
 */
const { values } = parseArgs({
  options: {
    'long-claims': { type: 'boolean' },
    lengths: { type: 'string', default: '10,100,1000' },
    samples: { type: 'string', default: '15' },
  },
});
const lengths = values.lengths.split(',').map(Number);
const samples = Number(values.samples);

interface Lived {
  kind: string;
  claim: TestClaim;
  /** Adds a few events in the way of this kind of claim. */
  grow: () => Promise<void>;
}

const execute = async (claim: TestClaim, ...[type, actor, body]: Parameters<TestClaim['accept']>): Promise<void> => {
  const { commandId } = await claim.accept(type, actor, body);
  await claim.execute();
  const outcome = await claim.outcome(commandId);
  if (outcome?.status !== 'done') throw new Error(`${type} was refused: ${JSON.stringify(outcome)}`);
};

const comment = (claim: TestClaim): Promise<void> =>
  execute(claim, 'addComment', claim.partner, { textId: randomUUID(), visibility: 'shared' });

async function exchange(claim: TestClaim): Promise<void> {
  await execute(claim, 'requestInformation', reviewer, { reasons: ['evidence_all_missing'] });
  await claim.addEvidence();
  await execute(claim, 'submitClaim', claim.partner, {});
}

async function begin(services: ConstructorParameters<typeof TestClaim>[0], kind: string): Promise<Lived> {
  const claim = new TestClaim(services, { products: [kind === 'comments' ? 'exchange' : 'teams'] });
  await claim.draft();
  await claim.addEvidence();
  await execute(claim, 'submitClaim', claim.partner, {});
  return { kind, claim, grow: () => (kind === 'comments' ? comment(claim) : exchange(claim)) };
}

interface Sample {
  nodeMs: number;
  postgresMs: number;
  walBytes: number;
}

/** One more comment, which is the same work at every length. */
async function sampleOf(source: DataSource, postgresPid: number, claim: TestClaim): Promise<Sample> {
  const own = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const [{ lsn }] = await source.query<[{ lsn: string }]>('SELECT pg_current_wal_insert_lsn()::text AS lsn');
  const [nodeBefore, bothBefore] = [own(), onCpuMs(postgresPid)];
  await comment(claim);
  const [nodeMs, bothMs] = [own() - nodeBefore, onCpuMs(postgresPid) - bothBefore];
  const [{ bytes }] = await source.query<[{ bytes: number }]>(
    'SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1::pg_lsn)::float8 AS bytes',
    [lsn],
  );
  return { nodeMs, postgresMs: bothMs - nodeMs, walBytes: bytes };
}

const directory = await mkdtemp(join(tmpdir(), 'cpor-long-claims-'));
const postgres = await startPostgres({ directory, port: 0 });
try {
  const owner = await createOwnerDataSource(postgres.ownerUrl).initialize();
  await owner.runMigrations();
  await owner.destroy();
  // A single connection, so that its statements are prepared from the second command on.
  const source = await createDataSource(postgres.appUrl, { poolSize: 1 }).initialize();
  await loadSampleData(source);
  const services = { source, library: new ProgrammeLibrary(source), directory: new PostgresDirectoryProvider(source) };
  const rows: (string | number)[][] = [];
  for (const kind of ['comments', 'exchanges']) {
    const { claim, grow } = await begin(services, kind);
    for (const length of lengths) {
      while ((await claim.row()).version < length) await grow();
      // The first execution after a growth is cold.
      await comment(claim);
      const taken: Sample[] = [];
      for (let sample = 0; sample < samples; sample++) taken.push(await sampleOf(source, postgres.pid, claim));
      const [size] = await source.query<[{ events: number; state: number }]>(
        `SELECT (SELECT sum(length(data::text))::int FROM claim_events e WHERE e.claim_id = c.claim_id) AS events, length(state::text) AS state
         FROM claims c WHERE claim_id = $1`,
        [claim.claimId],
      );
      const [nodeMs, postgresMs, walBytes] = (['nodeMs', 'postgresMs', 'walBytes'] as const).map((figure) =>
        median(taken.map((sample) => sample[figure])),
      );
      measurement('one more command', {
        of: kind,
        events: length,
        cpuMs: { node: rounded(nodeMs!), postgres: rounded(postgresMs!) },
        walBytes,
        bytesOfEvents: size.events,
        bytesOfState: size.state,
      });
      rows.push([`${kind}, ${length} events`, nodeMs!, postgresMs!, walBytes!, size.events, size.state]);
    }
  }
  table(['One more command after', 'CPU ms node', 'CPU ms PostgreSQL', 'WAL bytes', 'bytes of events', 'bytes of state'], rows);
  await source.destroy();
} finally {
  await postgres.stop();
  await dropPostgres(directory);
  await rm(directory, { recursive: true, force: true });
}
await endProcess(0);
