import { createHash } from 'node:crypto';

/**
 * A statement that each connection parses and plans once: for the few that run hundreds of times a second, where planning costs as much as
 * the work. TypeORM hands what it is given to pg, which takes an object with a name where others are text; hence the type.
 */
export function prepared(text: string): string {
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 20);
  return { name, text } satisfies { name: string; text: string } as unknown as string;
}
