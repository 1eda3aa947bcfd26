/** Ends this process once its output has been flushed: `process.exit` loses what a pipe still holds. */
export async function endProcess(exitCode: number): Promise<never> {
  await Promise.all([process.stdout, process.stderr].map((output) => new Promise((resolve) => output.write('', resolve))));
  process.exit(exitCode);
}
