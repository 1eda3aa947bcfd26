/**
 * The supervisor preloads this into each app. It stops the app when the supervisor dies, so that a killed supervisor leaves nothing behind.
 * Its URL contains the data directory, so the next start can find an app that is still running.
 */
const limitMs = 15_000;

process.once('disconnect', () => {
  setTimeout(() => process.exit(1), limitMs).unref();
  process.kill(process.pid, 'SIGTERM');
});
// An open channel would keep the process alive after the app is done.
process.channel?.unref();
