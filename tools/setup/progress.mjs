const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 80;

/** Formats a duration. @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

/**
 * Runs one step and reports on standard error how long it took, with a spinner on a terminal.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(title, work) {
  const startedAt = performance.now();
  const elapsed = () => seconds(performance.now() - startedAt);
  const isTerminal = process.stderr.isTTY === true;
  let frame = 0;
  const spin = () => process.stderr.write(`\r\x1b[K${frames[frame++ % frames.length]} ${title}  ${elapsed()}`);
  const timer = isTerminal ? setInterval(spin, frameMs) : undefined;
  const finish = (/** @type {string} */ mark) => {
    clearInterval(timer);
    process.stderr.write(`${isTerminal ? '\r\x1b[K' : ''}${mark} ${title.padEnd(44)} ${elapsed().padStart(8)}\n`);
  };
  try {
    const result = await work();
    finish('✓');
    return result;
  } catch (error) {
    finish('✗');
    throw error;
  }
}

/** Reports that a step had nothing to do. @param {string} title */
export function reportDone(title) {
  process.stderr.write(`· ${title.padEnd(44)} already done\n`);
}
