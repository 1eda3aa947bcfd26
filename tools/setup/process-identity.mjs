import { readFileSync } from 'node:fs';

/**
 * A process by its pid and, where the system tells, its start, since pids are used again.
 * @param {number} pid
 */
export function identify(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; only its reaper is late.
    return fields[0] === 'Z' ? `${pid}` : `${pid} ${fields[19]}`;
  } catch {
    return `${pid}`;
  }
}

/**
 * Whether the process so named is still there.
 * @param {string} identity
 */
export function isAlive(identity) {
  const pid = Number(identity.split(' ')[0]);
  if (!pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM' && identify(pid) === identity;
  }
  return identify(pid) === identity;
}
