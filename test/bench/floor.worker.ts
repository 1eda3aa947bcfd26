import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { floorActivities } from './floor.activities.js';

/** Runs the floor's worker in its own process, like the product's worker. */
const connection = await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS']! });
const worker = await Worker.create({
  connection,
  namespace: process.env['TEMPORAL_NAMESPACE'] ?? 'cpor',
  taskQueue: 'floor',
  workflowsPath: fileURLToPath(new URL('./floor.workflow.js', import.meta.url)),
  activities: floorActivities,
  maxCachedWorkflows: 300,
  workflowTaskPollerBehavior: { type: 'autoscaling' },
  activityTaskPollerBehavior: { type: 'autoscaling' },
});
process.send?.('ready');
process.once('SIGTERM', () => worker.shutdown());
await worker.run();
await connection.close();
