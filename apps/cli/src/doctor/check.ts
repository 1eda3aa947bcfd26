/** What a check found. */
export interface Finding {
  /** `skipped`: it could not be checked, because something else is missing. */
  state: 'ok' | 'warning' | 'fault' | 'skipped';
  /** What is the case, as a sentence. */
  found: string;
  /** What follows for claims and people; null if nothing is wrong. */
  matters: string | null;
  /** What to do about it, if possible the command; null if nothing is wrong. */
  mend: string | null;
}

export interface CheckReport extends Finding {
  /** Stable, for programs. */
  check: string;
}

/** The checks of one part of the installation, by name. */
export type Checks = Record<string, () => Promise<Finding>>;

export const ok = (found: string): Finding => ({ state: 'ok', found, matters: null, mend: null });
export const skipped = (found: string): Finding => ({ state: 'skipped', found, matters: null, mend: null });
export const warning = (found: string, matters: string, mend: string): Finding => ({ state: 'warning', found, matters, mend });
export const fault = (found: string, matters: string, mend: string): Finding => ({ state: 'fault', found, matters, mend });

/** So long a check may take: an operator waits for the whole report. */
const limitMs = 10_000;

/** Runs checks side by side. One that fails or takes too long is itself a fault; its error is shown without its causes, which may hold secrets. */
export function runChecks(checks: Checks): Promise<CheckReport[]> {
  return Promise.all(
    Object.entries(checks).map(async ([check, run]) => {
      const tooLate = new Promise<never>((_, reject) =>
        setTimeout(() => reject(new Error(`no answer within ${limitMs / 1000} s`)), limitMs).unref(),
      );
      const finding = await Promise.race([run(), tooLate]).catch((error: unknown) =>
        fault(
          `The check failed: ${sentence((error as Error).message)}`,
          'What it checks is unknown.',
          'Mend the cause, then run the command again.',
        ),
      );
      return { check, ...finding };
    }),
  );
}

/** The first line of a message, with a full stop. */
export function sentence(message: string): string {
  const [line = ''] = message.split('\n');
  return `${line.trim().replace(/\.$/, '')}.`;
}
