import { renameSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { bundleWorkflowCode } from '@temporalio/worker';

const [workflowsPath = '', target = ''] = argv.slice(2);
const { code } = await bundleWorkflowCode({ workflowsPath });
writeFileSync(`${target}.new`, code);
renameSync(`${target}.new`, target);
