import { renameSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { bundleWorkflowCode } from '@temporalio/worker';

// Each further argument is a module with interceptors.
const [workflowsPath = '', target = '', ...workflowInterceptorModules] = argv.slice(2);
const { code } = await bundleWorkflowCode({ workflowsPath, workflowInterceptorModules });
writeFileSync(`${target}.new`, code);
renameSync(`${target}.new`, target);
