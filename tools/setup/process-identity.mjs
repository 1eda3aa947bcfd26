import { readFileSync } from 'node:fs';

/**
 * Identifies a process by its pid and, where the system provides it, its start time, because pids are reused.
 * @param {number} pid
 */
export function identify(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended, and only waits for its parent.
    return fields[0] === 'Z' ? `${pid}` : `${pid} ${fields[19]}`;
  } catch {
    return `${pid}`;
  }
}

/**
 * Returns whether the identified process is still running.
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
