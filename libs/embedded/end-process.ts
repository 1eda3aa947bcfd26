/** Ends this process once everything it has written is read: what a pipe still holds at `process.exit` is lost. */
export async function endProcess(exitCode: number): Promise<never> {
  await Promise.all([process.stdout, process.stderr].map((output) => new Promise((resolve) => output.write('', resolve))));
  process.exit(exitCode);
}
