/**
 * Says whether the process of this container is alive: exit code 0 or 1. The worker answers at the address of its metrics, the API at its own. Asks
 * no other service: restarting a process because PostgreSQL is away would help nobody.
 */
const { CPOR_METRICS, CPOR_API_PORT } = process.env;
const port = CPOR_METRICS ? CPOR_METRICS.slice(CPOR_METRICS.lastIndexOf(':') + 1) : CPOR_API_PORT || '3000';
// Whoever asks ends this when it takes too long.
const answer = await fetch(`http://127.0.0.1:${port}/livez`).catch(() => null);
process.exit(answer?.ok ? 0 : 1);
