/**
 * Loaded before an app by the supervisor: asks the app to stop when the supervisor is gone, so that a killed supervisor leaves nothing behind.
 * Its address carries the data directory, by which the next start finds an app that is still there.
 */
const limitMs = 15_000;

process.once('disconnect', () => {
  setTimeout(() => process.exit(1), limitMs).unref();
  process.kill(process.pid, 'SIGTERM');
});
// Listening keeps a process alive; whether this one lives is for the app to say.
process.channel?.unref();
