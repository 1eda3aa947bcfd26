import { z } from 'zod';

const pattern = /^P(?!$)(?:(\d+)W)?(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const unitsMs = [7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000];
const maximumMs = 10 * 366 * 86_400_000;

/** Converts an ISO 8601 duration to milliseconds. Months and years are refused, because their length varies. */
export function durationMs(text: string, context: z.RefinementCtx): number {
  const counts = pattern.exec(text)?.slice(1);
  const total = counts?.reduce((sum, count, index) => sum + Number(count ?? 0) * unitsMs[index]!, 0);
  if (total !== undefined && total <= maximumMs) return total;
  context.addIssue({
    code: 'custom',
    message:
      'Must be an ISO 8601 duration in weeks, days, hours, minutes and seconds, such as P7D, PT1H or P1DT12H, of at most ten years; years and months have no fixed length',
    params: { code: 'invalid_format' },
  });
  return z.NEVER;
}
