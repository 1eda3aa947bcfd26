import { once } from 'node:events';
import { statementOfWork } from '#libs/sample-data/index.js';
import { type BenchTenant, plainClaim } from './sandbox.js';
import { TimedCaller } from './timed-caller.js';

/** One partner's flood. */
export interface Flood {
  apiUrl: string;
  bearer: string;
  programme: string;
  tenants: BenchTenant[];
  /** Requests at a time. */
  atOnce: number;
}

/** Reads and writes as fast as answers come, until its parent says so. Then it tells how often each status was answered. */
const { apiUrl, bearer, programme, tenants, atOnce } = JSON.parse(process.argv[2]!) as Flood;
const evidence = Buffer.from(statementOfWork(['Statement of work'])).toString('base64');
const caller = new TimedCaller(apiUrl, bearer);
const answers = new Map<number, number>();
let isFlooding = true;

async function flood(place: number): Promise<void> {
  for (let turn = place; isFlooding; turn++) {
    const isRead = turn % 2 === 0;
    const claim = () => plainClaim(programme, tenants[turn % tenants.length]!, evidence);
    const { status } = await (isRead ? caller.send('/v1/claims?limit=100&q=bench') : caller.send('/v1/claims', claim()));
    answers.set(status, (answers.get(status) ?? 0) + 1);
  }
}

const flooding = Array.from({ length: atOnce }, (_, place) => flood(place));
await once(process, 'message');
isFlooding = false;
await Promise.all(flooding);
process.send!([...answers], () => process.exit(0));
